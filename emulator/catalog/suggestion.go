package catalog

import "errors"

// What a change of a suggestion may be refused with.
var (
	ErrNoSuggestion = errors.New("no deploy has named this alias, so there is no suggestion for it")
	ErrSettled      = errors.New("this suggestion has been accepted or bound already")
)
