package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// maxEdited bounds what comes back from an editor, in bytes: more than any deploy that is answered.
const maxEdited = 8 << 20

// edit lets the person change a text in $VISUAL or $EDITOR. The file that the editor gets is theirs alone, and is gone
// afterwards. The error is a *failure where the editor failed.
func (a *app) edit(ctx context.Context, text []byte, suffix string) (_ []byte, err error) {
	words := a.editor()
	dir, err := os.MkdirTemp("", "bubblelevel-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "body"+suffix)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, words[0], append(words[1:], path)...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = a.Dir, a.In, a.Err, a.Err
	if out, ok := a.Out.(*os.File); ok && terminal(out) {
		cmd.Stdout = out
	}
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &failure{code: exitRuntime, err: fmt.Errorf("the editor %s failed, and nothing was sent: %w", words[0], err), hint: "name another one: EDITOR=nano"}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("the editor %s left no file: %w", words[0], err)
	}
	defer f.Close()
	edited, err := io.ReadAll(io.LimitReader(f, maxEdited+1))
	if err == nil && len(edited) > maxEdited {
		err = fmt.Errorf("what the editor left is longer than %d MiB", maxEdited>>20)
	}
	return edited, err
}

// editor is the one that the person has chosen, with its arguments (EDITOR="code --wait").
func (a *app) editor() []string {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if words := strings.Fields(a.Getenv(name)); len(words) > 0 {
			return words
		}
	}
	return []string{"vi"}
}
