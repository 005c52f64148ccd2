package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"unicode"
	"unicode/utf8"
)

// Modes of what a command writes. The mask of the process takes its part of them.
const (
	// forOwner is of what nobody else should read: what was not redacted, and whole requests.
	forOwner fs.FileMode = 0o600
	// forReaders is of what another program reads, often one of another user.
	forReaders fs.FileMode = 0o666
)

// writeAnew puts b at path in one step. A link that stands there, or where the half of it is written, is replaced and
// never followed: in a working copy it may be somebody else's, and lead anywhere. A device or a pipe is written to.
func writeAnew(path string, b []byte, mode fs.FileMode) error {
	if at, err := os.Stat(path); err == nil && !at.Mode().IsRegular() {
		return os.WriteFile(path, b, mode)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	part := path + ".part"
	file, err := createAnew(part, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(b)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}

// createAnew opens an empty file that nobody had before.
func createAnew(path string, mode fs.FileMode) (*os.File, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, mode)
}

// plainJSON is JSON that is harmless on a terminal: the control characters and the marks of direction that JSON allows
// within a string are written as its escapes, which mean the same.
func plainJSON(b []byte) []byte {
	acts := func(r rune) bool {
		return r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control))
	}
	if bytes.IndexFunc(b, acts) < 0 {
		return b
	}
	var out []byte
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if acts(r) {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = append(out, b[:n]...)
		}
		b = b[n:]
	}
	return out
}

// forPeople is a text as this output may show it: in a step of GitHub Actions, nothing in it is a command to the runner.
func (a *app) forPeople(text string) string {
	if a.onGitHub() {
		return neutralLines(text)
	}
	return text
}
