package scenarios_test

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

var updateSessions = flag.Bool("update-sessions", false, "write what the commands in README.md print anew")

// The marks in a README: a block behind the first is a file of the reader, one behind the second is typed by the reader.
const (
	fileMark    = "<!-- file: "
	sessionMark = "<!-- session -->\n"
)

// TestReadmeSessions types what the README tells its reader to type, in order and in one shell, in an empty folder, and
// wants what the README shows. What differs from run to run is compared by its shape (see steady).
func TestReadmeSessions(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the binary and runs what the README says")
	}
	for _, tool := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	path := filepath.Join("..", "README.md")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := readReadme(t, string(b))
	if len(page.steps) < 6 {
		t.Fatalf("only %d commands: the marks are gone", len(page.steps))
	}
	got := page.run(t)
	text := string(b)
	for i := len(page.steps) - 1; i >= 0; i-- { // from the end, so that what is written moves nothing that is still to come
		s := page.steps[i]
		if steady(got[i]) == steady(s.shows) {
			continue
		}
		if !*updateSessions {
			t.Errorf("README.md:\n$ %s\nshows\n%s\nand it printed\n%s", s.command, s.shows, got[i])
			continue
		}
		text = text[:s.at] + got[i] + text[s.at+len(s.shows):]
	}
	if *updateSessions {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// readme is what a reader of a README does.
type readme struct {
	files map[string]string
	steps []typedStep
}

// typedStep is one command, what the README shows of its output, and where in the README that begins.
type typedStep struct {
	command, shows string
	at             int
}

func readReadme(t *testing.T, text string) readme {
	t.Helper()
	r := readme{files: map[string]string{}}
	for rest := text; ; {
		_, after, found := strings.Cut(rest, fileMark)
		if !found {
			break
		}
		name, after, _ := strings.Cut(after, " -->\n")
		r.files[name], rest = block(t, after)
	}
	for rest := text; ; {
		_, after, found := strings.Cut(rest, sessionMark)
		if !found {
			return r
		}
		var body string
		body, rest = block(t, after)
		at := strings.Index(text[len(text)-len(after):], body) + len(text) - len(after)
		for line := range strings.Lines(body) {
			at += len(line)
			if command, typed := strings.CutPrefix(line, "$ "); typed {
				r.steps = append(r.steps, typedStep{command: strings.TrimSuffix(command, "\n"), at: at})
				continue
			}
			if len(r.steps) == 0 {
				t.Fatalf("a session begins with output: %q", line)
			}
			r.steps[len(r.steps)-1].shows += line
		}
	}
}

// block is the fenced block at the start of text, and what follows.
func block(t *testing.T, text string) (body, rest string) {
	t.Helper()
	fence, after, _ := strings.Cut(text, "\n")
	body, rest, closed := strings.Cut(after, "\n```\n")
	if !strings.HasPrefix(fence, "```") || !closed {
		t.Fatalf("no block behind a mark, but %.60q", text)
	}
	return body + "\n", rest
}

// run types all commands and returns what each printed, with the address as the README has it.
func (r readme) run(t *testing.T) []string {
	t.Helper()
	bin, dir := buildBinary(t), t.TempDir()
	for name, text := range r.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const theirs = "127.0.0.1:6775"
	ours := freeAddress(t)
	var script strings.Builder
	for i, s := range r.steps {
		fmt.Fprintf(&script, "%s\nstatus=$?\necho '%s %d'\n(exit $status)\n", strings.ReplaceAll(s.command, theirs, ours), endOfStep, i)
	}
	sh := exec.Command("sh", "-c", script.String())
	sh.Dir = dir
	sh.Env = []string{"PATH=" + bin + string(filepath.ListSeparator) + os.Getenv("PATH"), "HOME=" + filepath.Join(dir, "home"),
		"XDG_STATE_HOME=" + filepath.Join(dir, "state"), "BUBBLELEVEL_LISTEN=" + ours, "TMPDIR=" + dir, "NO_COLOR=1", "TZ=UTC"}
	log, err := os.Create(filepath.Join(dir, "session.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	sh.Stdout, sh.Stderr = log, log
	defer func() {
		stop := exec.Command(filepath.Join(bin, "bubblelevel"), "stop", "--url", "http://"+ours)
		_ = stop.Run() // the session has ended it, where all went well
	}()
	_ = sh.Run() // the codes stand in the session
	out, err := os.ReadFile(log.Name())
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(strings.ReplaceAll(string(out), ours, theirs), endOfStep+" ")
	got := make([]string, len(r.steps))
	for i := range got {
		if i >= len(parts)-1 {
			t.Fatalf("the session ended at %q:\n%s", r.steps[i].command, out)
		}
		if got[i] = parts[i]; i > 0 {
			_, got[i], _ = strings.Cut(got[i], "\n")
		}
	}
	return got
}

const endOfStep = "--- end of step"

// freeAddress is one that was free just now.
func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// steady is text with what differs from run to run in place: times, ids, process ids, durations.
func steady(text string) string {
	if runtime.GOOS == "windows" {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	for _, v := range varying {
		text = v.pattern.ReplaceAllString(text, v.stands)
	}
	return text
}

var varying = []struct {
	pattern *regexp.Regexp
	stands  string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`), "UUID"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`), "TIME"},
	{regexp.MustCompile(`\b\d\d:\d\d:\d\d\b`), "CLOCK"},
	{regexp.MustCompile(`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} CLOCK GMT`), "DATE"},
	{regexp.MustCompile(`pid[= ]\d+`), "PID"},
	{regexp.MustCompile(`initialize_service_[0-9a-f]{8}`), "BRANCH"},
	{regexp.MustCompile(`\(\d+(\.\d+)?(µs|ms|s)\)`), "(DURATION)"},
}
