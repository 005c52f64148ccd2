package tui

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// quoteShell quotes s for a shell, so that nothing in it acts when it is pasted.
func quoteShell(s string) string { return shellSafe(event.ShellQuote(s)) }

// shellSafe writes the control characters of a command as escapes that bash and zsh read. In such a command they stand
// within single quotes; pasted as they are, some of them would end the paste and begin to act.
func shellSafe(command string) string {
	if strings.IndexFunc(command, unsafe) < 0 {
		return command
	}
	var b strings.Builder
	for _, r := range command {
		if unsafe(r) {
			fmt.Fprintf(&b, `'$'\x%02x''`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func unsafe(r rune) bool {
	return r < 0x20 && r != '\n' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0
}

// harmless is s with the control characters that no text needs written as escapes, and how many there were.
func harmless(s string) (string, int) {
	n := 0
	var b strings.Builder
	for _, r := range s {
		if r != '\n' && r != '\t' && r != '\r' && unicode.IsControl(r) {
			n++
			q := strconv.QuoteRuneToASCII(r)
			b.WriteString(q[1 : len(q)-1])
			continue
		}
		b.WriteRune(r)
	}
	if n == 0 {
		return s, 0
	}
	return b.String(), n
}

// copy puts text on the clipboard and says how.
func (u *ui) copy(s string) command {
	s, escaped := harmless(s)
	c := clipboard{env: u.env, osc: u.term.osc}
	dir := u.o.Dir
	return u.run(func(ctx context.Context) (func() command, error) {
		how, err := c.copy(ctx, s, dir)
		return func() command {
			if err == nil {
				if escaped > 0 {
					how += "; " + commas(escaped) + " control characters as escapes"
				}
				u.note(good, "copied "+commas(len(s))+" bytes "+how)
			}
			return nil
		}, err
	})
}
