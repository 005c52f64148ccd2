package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// handshake names, in the environment of a detached emulator, the file in which it says that it answers.
const handshake = "BUBBLELEVEL_HANDSHAKE"

// detachPatience is how long serve --detach waits for the emulator to answer.
const detachPatience = 30 * time.Second

// detach runs this command line again in the background and returns when the emulator answers. What the emulator says
// until then is said here; later it goes to the log alone.
func (a *app) detach(ctx context.Context) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	log, err := a.openLog()
	if err != nil {
		return err
	}
	defer log.Close()
	from, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bubblelevel-*")
	if err != nil {
		return &failure{code: exitRuntime, err: err, hint: "--detach needs a folder for temporary files: set TMPDIR, or run it in the foreground"}
	}
	defer os.RemoveAll(dir)
	hands := filepath.Join(dir, "ready")
	child := exec.Command(program, append(append([]string{}, a.args...), "--detach=false")...)
	child.Dir = a.Dir
	child.Env = append(os.Environ(), handshake+"="+hands)
	child.Stdout, child.Stderr = log, log
	child.SysProcAttr = ownSession()
	if err := child.Start(); err != nil {
		return err
	}
	return a.awaitChild(ctx, child, hands, log.Name(), from)
}

// awaitChild waits for the child to say that it answers, or to end.
func (a *app) awaitChild(ctx context.Context, child *exec.Cmd, hands, log string, from int64) error {
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	var over bool
	var end error
	var it greeted
	answered := poll(ctx, detachPatience, func(context.Context) bool {
		select {
		case end = <-ended:
			over = true
			return true
		default:
		}
		b, err := os.ReadFile(hands)
		return err == nil && json.Unmarshal(b, &it) == nil
	})
	said := readFrom(log, from)
	switch {
	case over:
		io.WriteString(a.Err, said)
		return &failure{code: codeOf(end), err: errors.New("the emulator ended at once"), told: said != ""}
	case !answered:
		child.Process.Kill() // it may end by itself meanwhile
		io.WriteString(a.Err, said)
		return &failure{code: exitNotReady, err: fmt.Errorf("the emulator does not answer after %s", detachPatience), hint: "its log is " + log}
	}
	io.WriteString(a.Err, strings.Replace(said, it.Greeting, "", 1))
	// With its address: in another folder, or behind a second emulator of this one, `stop` alone means another.
	a.tell("running in the background; its log is %s; `bubblelevel stop --url %s` ends it", log, shellWord(it.URL))
	_, err := io.WriteString(a.Out, it.Greeting)
	return err
}

// codeOf is the exit code of a child that ended.
func codeOf(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 0 {
		return exit.ExitCode()
	}
	return exitRuntime
}

// maxLog is how large the log of a detached emulator gets before it begins anew, in bytes.
const maxLog = 8 << 20

// openLog opens the log of this working directory's detached emulator: in the state directory, or where that cannot be
// written, among temporary files.
func (a *app) openLog() (*os.File, error) {
	p, err := a.place()
	if err == nil {
		err = os.MkdirAll(filepath.Dir(p.log), 0o700)
	}
	if err == nil {
		var log *os.File
		if log, err = os.OpenFile(p.log, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600); err == nil {
			return log, boundLog(log)
		}
	}
	return os.CreateTemp("", "bubblelevel-*.log")
}

// boundLog empties a log that has grown too large. Whoever else has it open appends, and so goes on at its start.
func boundLog(log *os.File) error {
	at, err := log.Stat()
	if err != nil || at.Size() < maxLog {
		return err
	}
	return log.Truncate(0)
}

func readFrom(name string, from int64) string {
	b, err := os.ReadFile(name)
	if err != nil || int64(len(b)) < from {
		return ""
	}
	return string(b[from:])
}

// greeted is what a detached emulator says once it answers.
type greeted struct {
	// Greeting is what it printed first.
	Greeting string `json:"greeting"`
	// URL is where this machine reaches its control API.
	URL string `json:"url"`
}

// shakeHands tells the process that detached this one that the emulator answers, and keeps the log from growing for ever.
func (a *app) shakeHands(it greeted) error {
	path := a.Getenv(handshake)
	if path == "" {
		return nil
	}
	if log, ok := a.Out.(*os.File); ok {
		a.Out = &boundedLog{File: log}
	}
	b, err := json.Marshal(it)
	if err != nil {
		return err
	}
	partial := path + ".partial"
	if err := os.WriteFile(partial, b, 0o600); err != nil {
		return err
	}
	return os.Rename(partial, path)
}

// boundedLog looks now and then at how large the log has grown.
type boundedLog struct {
	*os.File
	written int
}

// Write appends to the log.
func (l *boundedLog) Write(b []byte) (int, error) {
	if l.written += len(b); l.written > maxLog/8 {
		l.written = 0
		boundLog(l.File) // a log that cannot be cut is still a log
	}
	return l.File.Write(b)
}
