package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// readQuery reads the words of a command line as a query and returns it in its canonical spelling. fields, if any are
// named, are those that the list has: a term about another one would find nothing, ever.
func readQuery(args []string, fields ...query.Field) (string, error) {
	q, err := query.FromArgs(args...)
	if err != nil {
		return "", queryError(err)
	}
	if err := expect.CheckQuery(q); err != nil {
		return "", expectationError(err)
	}
	for _, t := range q.Terms() {
		if f := t.Field(); len(fields) > 0 && f != "" && !slices.Contains(fields, f) {
			var names []string
			for _, known := range fields {
				names = append(names, string(known)+":")
			}
			return "", hinted("it has "+strings.Join(names, " ")+" and words", "this list cannot be asked for %s:", f)
		}
	}
	return q.String(), nil
}

// queryError shows what is wrong with a query: the message, and the query with the word marked below it.
func queryError(err error) error {
	var wrong *query.Error
	if !errors.As(err, &wrong) {
		return usage("%v", err)
	}
	hint := wrong.Hint
	if hint == "" {
		hint = "`bubblelevel help query` explains the language"
	}
	mark := "  " + strings.ReplaceAll(wrong.Mark(), "\n", "\n  ")
	return &failure{code: exitUsage, err: fmt.Errorf("%s\n%s", wrong.Message, mark), hint: hint}
}
