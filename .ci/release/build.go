package main

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// name of the program, of the archives' beginning, and of the image.
const name = "bubblelevel"

// maxBinary is how large a stripped binary may be, in bytes: 16 MiB. A larger one fails the build.
const maxBinary = 16 << 20

// target is a system to build for, in Go's words.
type target struct{ os, arch string }

func parseTarget(text string) (target, error) {
	system, arch, ok := strings.Cut(text, "/")
	if !ok || system == "" || arch == "" {
		return target{}, fmt.Errorf("a target is GOOS/GOARCH such as linux/amd64, not %q", text)
	}
	return target{system, arch}, nil
}

func (t target) program() string {
	if t.os == "windows" {
		return name + ".exe"
	}
	return name
}

// binary is one that was built, with what it says of itself.
type binary struct {
	target
	content  []byte
	version  string // the tag or the pseudo-version, without "v"
	commit   string
	at       time.Time // of the commit
	modified bool
}

// stem is how the names of its files begin.
func (b binary) stem() string { return strings.Join([]string{name, b.version, b.os, b.arch}, "-") }

// release is one run of the build.
type release struct {
	source, out string
	targets     []target
	modified    bool
	limit       int // of a binary, in bytes
}

// build makes the binaries one after the other, then everything that is made of them.
func (r release) build(ctx context.Context, log io.Writer) error {
	if err := clear(r.out); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "release-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	slices.SortFunc(r.targets, func(a, b target) int { return strings.Compare(a.os+"/"+a.arch, b.os+"/"+b.arch) })
	r.targets = slices.Compact(r.targets)
	var built []binary
	for _, t := range r.targets {
		b, err := r.compile(ctx, t, scratch)
		if err != nil {
			return err
		}
		fmt.Fprintf(log, "%-14s %8.2f MB (%.2f MiB, at most %d MiB)\n", t.os+"/"+t.arch, float64(len(b.content))/1e6, float64(len(b.content))/(1<<20), r.limit>>20)
		if len(b.content) > r.limit {
			return fmt.Errorf("%s/%s is %d bytes, more than %d: see what grew with `go tool nm -size -sort size`", t.os, t.arch, len(b.content), r.limit)
		}
		built = append(built, b)
	}
	if err := r.write(built); err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(r.out, sumsFile))
	if err != nil {
		return err
	}
	fmt.Fprintf(log, "%s %s, commit %s of %s, in %s:\n%s", name, built[0].version, built[0].commit, built[0].at.Format(time.RFC3339), r.out, sums)
	return nil
}

// small are the flags that keep a binary under the limit. HTTP/2 stays out of net/http: pipelines, webhooks and a relay speak
// HTTP/1.1. Functions are inlined where deploys run and in the warm part of the standard library; elsewhere calls are dear
// in bytes and cheap in time.
func small() []string {
	const ours = "github.com/bubblelevel/bubblelevel/emulator"
	flags := []string{"-tags=nethttpomithttp2", "-gcflags=all=-l"}
	inline := func(flag string, packages ...string) {
		for _, p := range packages { // of two flags that name a package, the later one holds
			flags = append(flags, "-gcflags="+p+"="+flag)
		}
	}
	inline("", "std")
	inline("-l", "crypto/tls", "crypto/x509/...", "encoding/xml", "text/template/...", "vendor/...")
	inline("", "github.com/tidwall/btree", "github.com/tidwall/buntdb", "github.com/gorilla/mux", ours)
	for _, room := range []string{"catalog", "clock", "deploy", "event", "finding", "httpapi", "journal", "ledger", "liquid", "query"} {
		inline("", ours+"/"+room)
	}
	return flags
}

// compile builds one binary. Whatever in the environment could change the bytes is set or emptied.
func (r release) compile(ctx context.Context, t target, scratch string) (binary, error) {
	path := filepath.Join(scratch, t.os+"-"+t.arch)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=true", "-mod=readonly", "-ldflags=-s -w", "-o", path)
	cmd.Args = append(append(cmd.Args, small()...), ".")
	cmd.Dir = r.source
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch, "GOFLAGS=", "GOEXPERIMENT=",
		"GOAMD64=v1", "GOARM64=v8.0", "GOFIPS140=off", "GODEBUG=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return binary{}, fmt.Errorf("go build for %s/%s: %w\n%s", t.os, t.arch, err, out)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return binary{}, err
	}
	b := binary{target: t, content: content}
	if err := b.readStamp(path); err != nil {
		return b, err
	}
	if b.modified && !r.modified {
		return b, errors.New("files differ from the commit (git status): commit them, or build with -modified to try")
	}
	return b, nil
}

// readStamp reads what the go command wrote into the binary: it is what `bubblelevel version` says.
func (b *binary) readStamp(path string) error {
	stamp, err := buildinfo.ReadFile(path)
	if err != nil {
		return err
	}
	b.version = strings.TrimPrefix(stamp.Main.Version, "v")
	for _, s := range stamp.Settings {
		switch s.Key {
		case "vcs.revision":
			b.commit = s.Value
		case "vcs.modified":
			b.modified = s.Value == "true"
		case "vcs.time":
			if b.at, err = time.Parse(time.RFC3339, s.Value); err != nil {
				return err
			}
		}
	}
	if b.commit == "" {
		return errors.New("the binary knows no commit: a release is built in a git checkout, with git installed")
	}
	return nil
}

// clear makes an empty folder. One that holds something else than an earlier release is left as it is.
func clear(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if e.Name() != sumsFile && !strings.HasPrefix(e.Name(), name+"-") {
			return fmt.Errorf("%s holds %s, which no release build wrote: name another folder with -out", dir, e.Name())
		}
	}
	for _, e := range entries {
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return os.MkdirAll(dir, 0o755)
}
