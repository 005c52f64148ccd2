//go:build unix

package cli_test

import (
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// Having the terminal UI aboard costs no command anything: on a terminal that never answers a question, each starts and
// ends as fast as without one. By itself, Bubble Tea v1 would make every one of them wait for five seconds.
func TestMuteTerminalCostsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every command a few times")
	}
	if raceDetector {
		t.Skip("times are compared without the race detector only")
	}
	b := newBench(t)
	b.env = append(b.env, "TERM=xterm-256color", "COLORTERM=")
	const nobody = "--url=http://127.0.0.1:1"
	commands := [][]string{
		{"version"}, {"fidelity"}, {"schema", "fixture"}, {"help", "query"}, {"render", "/dev/null"}, {"fixtures", "check"},
		{"events", "list", nobody}, {"send", nobody}, {"verify", "result:ok", nobody}, {"services", "list", nobody}, {"exec", "--", "true"},
	}
	for _, name := range commandNames(b.run("--help").out) {
		commands = append(commands, []string{name, "--help"})
	}
	if len(commands) < 30 {
		t.Fatalf("only %d commands were found", len(commands))
	}
	worst, which := time.Duration(0), ""
	for _, args := range commands {
		without := fastest(t, func() error { return b.command(args...).Run() })
		mute := fastest(t, func() error { return onMuteTerminal(t, b.command(args...)) })
		if more := mute - without; more > worst {
			worst, which = more, strings.Join(args, " ")
		}
		if mute > without+time.Second {
			t.Errorf("%s takes %s, and %s on a mute terminal", strings.Join(args, " "), without, mute)
		}
	}
	t.Logf("%d commands; the most that a mute terminal costs one is %s (%s); the bar is 50ms", len(commands), worst, which)
}

// commandNames are those that the help lists.
func commandNames(help string) (names []string) {
	_, list, _ := strings.Cut(help, "Available Commands:\n")
	for line := range strings.Lines(list) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.TrimSpace(name) == "" {
			break
		}
		names = append(names, name)
	}
	return names
}

// fastest is the best of three; that a command ends with an error is its affair.
func fastest(t *testing.T, run func() error) time.Duration {
	t.Helper()
	best := time.Hour
	for range 3 {
		began := time.Now()
		var exit *exec.ExitError
		if err := run(); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		best = min(best, time.Since(began))
	}
	return best
}

// onMuteTerminal runs a command on a terminal that takes what is written and answers nothing.
func onMuteTerminal(t *testing.T, cmd *exec.Cmd) error {
	t.Helper()
	cmd.Stdin = nil
	master, err := pty.Start(cmd)
	if err != nil {
		t.Skip("there are no pseudo terminals here: ", err)
	}
	defer master.Close()
	go io.Copy(io.Discard, master)
	return cmd.Wait()
}
