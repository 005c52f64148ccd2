package cli

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/probe"
)

// probePlace is the folder of a probe, which is taken away at its end: the throw-away repository, GitHub's files, and
// the copy of the working directory with --in-copy.
type probePlace struct {
	root string
	// dir is where the command runs.
	dir    string
	inCopy bool
}

// newProbePlace makes the folder; dir is the working directory.
func newProbePlace(dir string, inCopy bool) (*probePlace, error) {
	root, err := os.MkdirTemp("", "bubblelevel-probe-")
	if err != nil {
		return nil, &failure{code: exitRuntime, err: err, hint: "a probe needs a folder for temporary files; let TMPDIR name one that can be written"}
	}
	p := &probePlace{root: root, dir: dir, inCopy: inCopy}
	if err := errors.Join(os.Mkdir(p.at("tree"), 0o700), os.Mkdir(p.at("temp"), 0o700)); err != nil {
		return nil, errors.Join(err, p.remove())
	}
	if inCopy {
		p.dir = p.at("copy")
		if err := copyFolder(dir, p.dir, copyLimits{maxCopyFiles, maxCopyBytes}); err != nil {
			return nil, errors.Join(err, p.remove())
		}
	}
	return p, nil
}

func (p *probePlace) remove() error { return os.RemoveAll(p.root) }

func (p *probePlace) at(name string) string { return filepath.Join(p.root, name) }

// set puts everything in its place for one run, and returns the variables that name it.
func (p *probePlace) set(s probe.Set) (variables []string, err error) {
	git := p.at("git")
	if p.inCopy {
		git = filepath.Join(p.dir, ".git")
	} else {
		// A tree of its own, and not the working directory: whatever the command does with git, it cannot touch a file there.
		variables = append(variables, "GIT_DIR="+git, "GIT_WORK_TREE="+p.at("tree"))
	}
	if err := writeRepository(git, s.Commit); err != nil {
		return nil, err
	}
	if s.Event == nil {
		return variables, nil
	}
	if err := os.WriteFile(p.at("event.json"), s.Event, 0o600); err != nil {
		return nil, err
	}
	// What a step writes into GitHub's files must not reach the job that the probe itself may be a part of.
	variables = append(variables, "GITHUB_EVENT_PATH="+p.at("event.json"), "GITHUB_WORKSPACE="+p.dir, "RUNNER_TEMP="+p.at("temp"))
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"} {
		file := p.at(strings.ToLower(name))
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			return nil, err
		}
		variables = append(variables, name+"="+file)
	}
	return variables, nil
}

// ownGit are variables of git that would point a command away from the throw-away repository.
func ownGit() []string {
	return []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_ALTERNATE_OBJECT_DIRECTORIES"}
}

// writeRepository makes a repository with one commit. It is written without git: a commit of its own making may hold
// what git commit would tidy up.
func writeRepository(dir string, c probe.Commit) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	objects := c.Objects()
	files := map[string][]byte{
		"config":      []byte("[core]\n\trepositoryformatversion = 0\n\tbare = false\n"),
		"HEAD":        []byte("ref: refs/heads/" + c.Branch + "\n"),
		"packed-refs": []byte(objects[0].SHA + " refs/heads/" + c.Branch + "\n"),
	}
	for _, o := range objects {
		var packed bytes.Buffer
		w := zlib.NewWriter(&packed)
		if _, err := w.Write(o.Content); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		files[filepath.Join("objects", o.SHA[:2], o.SHA[2:])] = packed.Bytes()
	}
	errs := []error{os.MkdirAll(filepath.Join(dir, "refs", "heads"), 0o700)}
	for name, content := range files {
		path := filepath.Join(dir, name)
		errs = append(errs, os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, content, 0o600))
	}
	return errors.Join(errs...)
}

// Limits of a copy.
const (
	maxCopyFiles = 20_000
	maxCopyBytes = 500 << 20
)

// copyLimits bound a copy: how many files and folders, and how many bytes.
type copyLimits struct {
	files int
	bytes int64
}

// copyFolder copies a folder without its .git; links stay links.
func copyFolder(from, to string, most copyLimits) error {
	files, size := 0, int64(0)
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		at, err := d.Info()
		if err != nil {
			return err
		}
		if files, size = files+1, size+at.Size(); files > most.files || size > most.bytes {
			return hinted("leave --in-copy out, or run it in a smaller folder", "%s has more than %d files or %d MiB: too much for a copy", from, most.files, most.bytes>>20)
		}
		switch {
		case d.Name() == ".git" && d.IsDir():
			return fs.SkipDir
		case d.Name() == ".git":
			return nil // the file of a worktree or submodule names the real repository
		case d.IsDir():
			return os.MkdirAll(target, 0o700)
		case at.Mode()&fs.ModeSymlink != 0:
			link, err := os.Readlink(path)
			return errors.Join(err, os.Symlink(link, target))
		case at.Mode().IsRegular():
			return copyFile(path, target, at.Mode().Perm())
		}
		return nil // a socket or a device is nothing to copy
	})
}

func copyFile(from, to string, mode fs.FileMode) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("the copy of this folder: %w", err)
	}
	return os.WriteFile(to, b, mode|0o200)
}
