package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// MaxOutput is how many bytes of a program's stdout, and of its stderr, are kept; the rest is read and forgotten.
const MaxOutput = 1 << 20

// pipeLag is how long an output may stay open after the program's end, where something that it left running holds it.
const pipeLag = 2 * time.Second

func (x *Command) check(c *checker, n *yamlfile.Node) {
	if (len(x.Command) == 0) == (x.Script == "") {
		c.fail(n, "run: [program, argument] or run: a script for sh", "run takes a command or a script")
	}
	if len(x.Command) > 0 && x.Command[0] == "" {
		c.fail(n, "", "the program has no name")
	}
	if x.Timeout < 0 {
		c.fail(n.Get("timeout"), "", "a timeout cannot be negative")
	}
	for name := range x.Env {
		if !nameForm.MatchString(name) {
			c.fail(n.Get("env"), "", "%q is no name of a variable", name)
		}
	}
	x.matchers(c)
}

func (x *Command) matchers(c *checker) (out []check) {
	exit := matcher(equals{json.Number("0"), flat})
	if x.Exit != nil {
		exit = compile(c, x.Exit, flat)
	}
	out = append(out, check{"exit", exit})
	if x.Stdout != nil {
		out = append(out, check{"stdout", compile(c, x.Stdout, flat)})
	}
	if x.Stderr != nil {
		out = append(out, check{"stderr", compile(c, x.Stderr, flat)})
	}
	return out
}

func (x *Command) do(r *run) error {
	uuid, err := r.integration(x.Integration)
	if err != nil {
		return err
	}
	dir := r.scenario.dir()
	if r.scenario.Embedded {
		if dir, err = os.MkdirTemp("", "bubblelevel-run-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	words := x.Command
	if x.Script != "" {
		words = []string{"sh", "-c", x.Script}
	}
	ctx, cancel := r.ctx, context.CancelFunc(func() {})
	if x.Timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(x.Timeout))
	}
	defer cancel()
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	var stdout, stderr kept
	cmd.Dir, cmd.Env, cmd.WaitDelay = dir, x.environ(r, r.srv.DeployURL(uuid)), pipeLag
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	alone(cmd)
	err = cmd.Run()
	end(cmd)
	var exit *exec.ExitError
	switch {
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case ctx.Err() != nil:
		return &failure{outcome: Incomplete, why: fmt.Sprintf("%s still ran after %s", words[0], x.Timeout), text: outputText(&stdout, &stderr)}
	case err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay):
		return failed("%s could not be run: %v", words[0], err)
	}
	return x.judge(r, endOf(cmd.ProcessState), &stdout, &stderr)
}

// environ is the environment of the program: ours, with the addresses, and what the step sets.
func (x *Command) environ(r *run, integrationURL string) []string {
	// The address of a real integration is no business of a scenario: its emulator is its own.
	env := slices.DeleteFunc(slices.Clone(r.options.Environ), func(pair string) bool { return strings.HasPrefix(pair, "BUBBLELEVEL_UPSTREAM=") })
	direct := "localhost,127.0.0.1,::1"
	for _, name := range []string{"no_proxy", "NO_PROXY"} {
		if v, ok := lookUp(env, name); ok && v != "" {
			direct = v + "," + direct
			break
		}
	}
	set := func(name, value string) {
		env = slices.DeleteFunc(env, func(pair string) bool { return strings.HasPrefix(pair, name+"=") })
		env = append(env, name+"="+value)
	}
	set("OPSLEVEL_INTEGRATION_URL", integrationURL)
	set("OL_INTEGRATION_URL", integrationURL)
	set("BUBBLELEVEL_URL", r.srv.URL())
	set("BUBBLELEVEL_TOKEN", "")
	set("NO_PROXY", direct)
	set("no_proxy", direct)
	for _, name := range sortedKeys(x.Env) {
		set(name, x.Env[name])
	}
	return env
}

func (x *Command) judge(r *run, code int, stdout, stderr *kept) error {
	values := map[string]any{"exit": json.Number(strconv.Itoa(code)), "stdout": stdout.text(), "stderr": stderr.text()}
	r.last = map[string]any{"run": values}
	if r.srv.LastSeq() > 0 {
		if e, _ := r.srv.Event(r.srv.LastSeq()); e != nil {
			r.last["event"] = tree(e)
		}
	}
	var misses []Miss
	for _, c := range x.matchers(&checker{f: r.scenario.file}) {
		misses = c.m.match(misses, c.at, values[c.at], true)
	}
	if len(misses) == 0 {
		return nil
	}
	return &failure{
		outcome: Failed, misses: misses,
		why:  differs("the program did not do as expected", misses),
		text: "The program did not do as expected.\n" + missText(misses) + outputText(stdout, stderr),
	}
}

// shownLines is how many lines of a program's output a report shows, the last ones.
const shownLines = 20

func outputText(stdout, stderr *kept) string {
	var b strings.Builder
	for _, out := range []struct {
		name string
		of   *kept
	}{{"stdout", stdout}, {"stderr", stderr}} {
		lines := strings.Split(strings.TrimRight(out.of.text(), "\n"), "\n")
		if len(lines) == 1 && lines[0] == "" {
			continue
		}
		fmt.Fprintf(&b, "  %s:\n", out.name)
		for _, line := range lines[max(0, len(lines)-shownLines):] {
			b.WriteString("    " + event.Clean(line, maxShown) + "\n")
		}
	}
	return b.String()
}

// kept is an output of which the beginning is kept.
type kept struct{ b []byte }

func (k *kept) Write(p []byte) (int, error) {
	k.b = append(k.b, p[:min(len(p), MaxOutput-len(k.b))]...)
	return len(p), nil
}

func (k *kept) text() string { return strings.ToValidUTF8(string(k.b), "\ufffd") }

// endOf is the exit code as a shell has it: 128 and the number of the signal that ended a program.
func endOf(s *os.ProcessState) int {
	if s == nil {
		return -1
	}
	if n := endingSignal(s); n > 0 {
		return 128 + n
	}
	return s.ExitCode()
}
