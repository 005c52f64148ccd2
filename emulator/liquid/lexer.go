package liquid

import (
	"strings"
	"unicode/utf8"
)

// The words of an expression, as Ruby Liquid's lexer cuts them.

type tokenKind string

const (
	tokPipe        tokenKind = "pipe"
	tokDot         tokenKind = "dot"
	tokColon       tokenKind = "colon"
	tokComma       tokenKind = "comma"
	tokOpenSquare  tokenKind = "open_square"
	tokCloseSquare tokenKind = "close_square"
	tokOpenRound   tokenKind = "open_round"
	tokCloseRound  tokenKind = "close_round"
	tokQuestion    tokenKind = "question"
	tokDash        tokenKind = "dash"
	tokDotDot      tokenKind = "dotdot"
	tokComparison  tokenKind = "comparison"
	tokString      tokenKind = "string"
	tokNumber      tokenKind = "number"
	tokID          tokenKind = "id"
	tokEnd         tokenKind = "end_of_string"
)

type token struct {
	kind       tokenKind
	start, end int // in the markup
}

// lex cuts markup into tokens, ending with tokEnd; ok is false at a character
// that belongs to none, and then bad is that character.
func lex(markup string, into []token) (tokens []token, bad string, ok bool) {
	tokens = into
	for i := 0; i < len(markup); {
		if isSpace(markup[i]) {
			i++
			continue
		}
		kind, end := lexOne(markup, i)
		if kind == "" {
			_, size := utf8.DecodeRuneInString(markup[i:])
			return tokens, markup[i : i+size], false
		}
		if kind == tokID && markup[i:end] == "contains" && !(len(tokens) > 0 && tokens[len(tokens)-1].kind == tokDot) {
			kind = tokComparison
		}
		tokens = append(tokens, token{kind, i, end})
		i = end
	}
	return append(tokens, token{tokEnd, len(markup), len(markup)}), "", true
}

func lexOne(s string, i int) (tokenKind, int) {
	c := s[i]
	next := byte(0)
	if i+1 < len(s) {
		next = s[i+1]
	}
	switch {
	case c == '.' && next == '.':
		return tokDotDot, i + 2
	case c == '-' && isDigit(next), isDigit(c):
		return tokNumber, numberEnd(s, i)
	case c == '"' || c == '\'':
		if n := strings.IndexByte(s[i+1:], c); n >= 0 {
			return tokString, i + n + 2
		}
		return "", 0
	case (c == '=' || c == '!') && next == '=', c == '<' && (next == '=' || next == '>'), c == '>' && next == '=':
		return tokComparison, i + 2
	case c == '<' || c == '>':
		return tokComparison, i + 1
	case isLetter(c):
		return tokID, idEnd(s, i)
	}
	return specialToken(c), i + 1
}

func specialToken(c byte) tokenKind {
	switch c {
	case '|':
		return tokPipe
	case '.':
		return tokDot
	case ':':
		return tokColon
	case ',':
		return tokComma
	case '[':
		return tokOpenSquare
	case ']':
		return tokCloseSquare
	case '(':
		return tokOpenRound
	case ')':
		return tokCloseRound
	case '?':
		return tokQuestion
	case '-':
		return tokDash
	}
	return ""
}

// numberEnd matches -?\d+(\.\d+)?
func numberEnd(s string, i int) int {
	i = digitsEnd(s, i+1)
	if i+1 < len(s) && s[i] == '.' && isDigit(s[i+1]) {
		i = digitsEnd(s, i+1)
	}
	return i
}

func digitsEnd(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

// idEnd matches [a-zA-Z_][\w-]*\??
func idEnd(s string, i int) int {
	for i < len(s) && isSegment(s[i]) {
		i++
	}
	if i < len(s) && s[i] == '?' {
		i++
	}
	return i
}

func isSpace(c byte) bool   { return c == ' ' || c >= '\t' && c <= '\r' }
func isLetter(c byte) bool  { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func isWord(c byte) bool    { return isLetter(c) || isDigit(c) }
func isSegment(c byte) bool { return isWord(c) || c == '-' }
