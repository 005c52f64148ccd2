package tui

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// quoteShell quotes s for a shell, so that nothing in it acts when it is pasted.
func quoteShell(s string) string { return shellSafe(event.ShellQuote(s)) }

// shellSafe writes what a paste had better not hold as escapes that bash and zsh read, byte for byte: control characters,
// some of which would end the paste and begin to act, marks that turn the direction of writing, and what is no UTF-8. In
// such a command they stand within single quotes.
func shellSafe(command string) string {
	if utf8.ValidString(command) && strings.IndexFunc(command, unsafe) < 0 {
		return command
	}
	var b strings.Builder
	for len(command) > 0 {
		r, n := utf8.DecodeRuneInString(command)
		if r == utf8.RuneError && n == 1 || unsafe(r) {
			b.WriteString(`'$'`)
			for _, c := range []byte(command[:n]) {
				fmt.Fprintf(&b, `\x%02x`, c)
			}
			b.WriteString(`''`)
		} else {
			b.WriteString(command[:n])
		}
		command = command[n:]
	}
	return b.String()
}

func unsafe(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp))
}

// harmless is s with the control characters that no text needs written as the escapes of JSON, in which they mean the
// same within a string, and how many there were.
func harmless(s string) (string, int) {
	n := 0
	var b strings.Builder
	for _, r := range s {
		if r != '\n' && r != '\t' && r != '\r' && unicode.IsControl(r) {
			n++
			fmt.Fprintf(&b, `\u%04x`, r)
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
