package tui

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// editorRun is a message: give the terminal to an editor, then take what it left.
type editorRun struct {
	cmd  *exec.Cmd
	done func(err error) any
}

// editorOf is the editor that the person has chosen.
func editorOf(env environ) []string {
	for _, key := range []string{"VISUAL", "EDITOR"} {
		if words := strings.Fields(env.get(key)); len(words) > 0 {
			return words
		}
	}
	return []string{"vi"}
}

// maxEdited bounds the file that comes back from an editor, in bytes.
const maxEdited = 4 << 20

// inEditor lets the person edit a text; then is called with what it became, unless nothing changed.
func (u *ui) inEditor(text, suffix string, then func(text string) command) command {
	return func() any {
		dir, err := os.MkdirTemp("", "bubblelevel-")
		if err != nil {
			return done{err: err}
		}
		path := filepath.Join(dir, "edit"+suffix)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return done{err: errors.Join(err, os.RemoveAll(dir))}
		}
		words := editorOf(u.env)
		cmd := exec.Command(words[0], append(words[1:], path)...)
		cmd.Env = u.env
		// The files themselves: an editor needs a terminal, and what frames are written through is none.
		cmd.Stdin, cmd.Stdout, cmd.Stderr = u.o.In, u.o.Out, u.o.Out
		return editorRun{cmd, func(err error) any {
			defer os.RemoveAll(dir)
			if err != nil {
				return done{err: errors.New("the editor " + words[0] + " failed: " + err.Error() + " (set EDITOR)")}
			}
			b, err := readBounded(path, maxEdited)
			if err != nil {
				return done{err: err}
			}
			return done{then: func() command {
				if string(b) == text || strings.TrimSuffix(string(b), "\n") == text {
					u.note(again, "nothing was changed, so nothing is done")
					return nil
				}
				return then(string(b))
			}}
		}}
	}
}

func readBounded(path string, limit int64) ([]byte, error) {
	i, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if i.Size() > limit {
		return nil, errors.New("the file that came back from the editor is too large")
	}
	return os.ReadFile(path)
}

// editAndSend sends the request with the body that an editor makes of it.
func (u *ui) editAndSend() command {
	r := *u.selected().Request
	body, suffix := r.Body, ".txt"
	if n, err := parseJSON(body); err == nil {
		body, suffix = n.indented(), ".json"
	} else if looksLikeJSON(body) {
		suffix = ".json"
	}
	return u.inEditor(body, suffix, func(text string) command {
		r.Body = strings.TrimSuffix(text, "\n")
		return u.send(r, "edited")
	})
}

func (u *ui) editTemplate() command {
	return u.inEditor(u.playground.edit.String(), ".liquid", func(text string) command {
		if utf8.RuneCountInString(text) > maxTyped {
			u.fail(errors.New("the template is longer than the " + commas(maxTyped>>10) + " KiB that are rendered, so it stays as it was"))
			return nil
		}
		u.playground.edit.set(strings.TrimSuffix(text, "\n"))
		u.playground.edit.row, u.playground.edit.col = 0, 0
		return u.playground.changed()
	})
}
