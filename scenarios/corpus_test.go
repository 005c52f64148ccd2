package scenarios_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestCorpus judges the labelled senders of testdata/corpus with the real binary: exec or probe is green on every healthy
// one, and red on every defect, with a paragraph that names it. It prints the confusion table, and holds the one of the
// top README to it; -update writes that anew.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the binary and runs some hundred programs")
	}
	senders, err := readCorpus()
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	var seen tally
	t.Run("senders", func(t *testing.T) {
		for _, s := range senders {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				for _, program := range s.needs {
					if !b.has(program) {
						t.Skipf("%s is not installed", program)
					}
				}
				v := b.run(t, &s)
				seen.add(&s, v.code == 0)
				s.compare(t, v)
			})
		}
	})
	if seen.size() < len(senders) {
		t.Logf("%d of %d senders were judged, so the table is not compared", seen.size(), len(senders))
		return
	}
	fmt.Fprintf(t.Output(), "\n%s\n%s\n", seen.byClass(), seen.table())
	compareTable(t, filepath.Join("..", "README.md"),
		seen.table()+"\n<details><summary>By class</summary>\n\n"+seen.byClass()+"\n</details>\n")
}

// bench is where the senders run: the programs they call, and the folder they find.
type bench struct {
	bin, repository string
	path            string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{bin: buildBinary(t)}
	standins := filepath.Join(b.bin, "standins")
	build := exec.Command("go", "build", "-o", standins, "./testdata/standins")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, name := range []string{"opslevel", "network"} {
		if err := os.Link(standins, filepath.Join(b.bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	b.path = b.bin + string(filepath.ListSeparator) + os.Getenv("PATH")
	b.repository = checkout(t)
	return b
}

// checkout is the repository that the senders find, with one commit where git is there.
func checkout(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "corpus", "repository"))); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("git"); err != nil {
		return dir
	}
	for _, args := range [][]string{{"init", "-q", "--template=", "-b", "main"}, {"add", "."}, {"commit", "-q", "-m", "First"}} {
		git := exec.Command("git", args...)
		git.Dir, git.Env = dir, append(os.Environ(), gitIdentity...)
		if out, err := git.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	return dir
}

var gitIdentity = []string{
	"GIT_AUTHOR_NAME=Zoë Çelik", "GIT_AUTHOR_EMAIL=zoe@acme.test", "GIT_COMMITTER_NAME=Zoë Çelik", "GIT_COMMITTER_EMAIL=zoe@acme.test",
	"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
}

func (b *bench) has(program string) bool {
	_, err := lookPath(b.path, program)
	if err != nil {
		_, err = exec.LookPath(program)
	}
	return err == nil
}

// judged is what bubblelevel said of a sender.
type judged struct {
	code           int
	stdout, stderr string
	// lost are the ids of the findings of what was lost, by the JSON report; warned those of the warnings.
	lost, warned []string
}

// run lets a sender be judged, in a copy of the repository of its own.
func (b *bench) run(t *testing.T, s *sender) judged {
	t.Helper()
	dir, home := t.TempDir(), t.TempDir()
	if !s.bare {
		if err := os.CopyFS(dir, os.DirFS(b.repository)); err != nil {
			t.Fatal(err)
		}
	}
	file, err := filepath.Abs(filepath.Join("testdata", "corpus", s.name))
	if err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(home, "report.json")
	args := slices.Concat(s.judge, []string{"--report-json", report, "--"})
	if s.through != "" {
		args = append(args, "network", s.through)
	}
	args = append(args, s.needs[0], file)
	cmd := exec.Command(filepath.Join(b.bin, "bubblelevel"), args...)
	cmd.Dir = dir
	cmd.Env = slices.Concat([]string{"PATH=" + b.path, "HOME=" + home, "XDG_STATE_HOME=" + home, "LANG=C.UTF-8"}, gitIdentity, systems[s.system])
	var v judged
	v.stdout, v.stderr, v.code = outcome(t, cmd)
	v.lost, v.warned = findings(t, report)
	return v
}

func outcome(t *testing.T, cmd *exec.Cmd) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// findings are the ids in a JSON report, of what was lost and of what is only warned of.
func findings(t *testing.T, path string) (lost, warned []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	type told struct{ Findings []struct{ ID string } }
	var report struct{ Lost, Warnings []told }
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	collect := func(list []told) (ids []string) {
		for _, l := range list {
			for _, f := range l.Findings {
				ids = append(ids, f.ID)
			}
		}
		return ids
	}
	return collect(report.Lost), collect(report.Warnings)
}

// compare holds a verdict to the header.
func (s *sender) compare(t *testing.T, v judged) {
	t.Helper()
	defer func() {
		if t.Failed() {
			t.Logf("stdout:\n%s\nstderr:\n%s", v.stdout, v.stderr)
		}
	}()
	if v.code != s.exit {
		t.Errorf("exit code %d, want %d", v.code, s.exit)
	}
	told := v.stderr
	if s.judge[0] == "probe" {
		told = v.stdout // a table of runs and what is to be said of them is what probe is asked for
	}
	if s.healthy {
		if len(v.lost) > 0 || strings.Contains(told, "\nbad: ") {
			t.Errorf("healthy, and yet something is lost: %v", v.lost)
		}
		return
	}
	for _, id := range s.findings {
		if id != "silent.nothing_sent" && !slices.Contains(slices.Concat(v.lost, v.warned), id) {
			t.Errorf("the report has %v and warns of %v, not %s", v.lost, v.warned, id)
		}
	}
	if !s.told(told) {
		t.Errorf("no paragraph has the findings %v and says %q", s.findings, s.says)
	}
}

// told says whether one paragraph of a text names the defect: its findings, what is to be said of it, and the cure.
func (s *sender) told(text string) bool {
	marks := []string{s.says}
	for _, id := range s.findings {
		marks = append(marks, id+": ")
	}
	if s.judge[0] == "probe" {
		marks = append(marks, "bad: ")
	}
	if len(s.findings) > 0 || s.judge[0] == "probe" {
		marks = append(marks, "cure: ")
	}
	return slices.ContainsFunc(paragraphs(text), func(p string) bool {
		return !slices.ContainsFunc(marks, func(mark string) bool { return !strings.Contains(p, mark) })
	})
}

// paragraphs of a text, each with what stands above it where that belongs to it: the sentence that sums up a run.
func paragraphs(text string) []string {
	parts := strings.Split(strings.TrimSpace(text), "\n\n")
	for i := len(parts) - 1; i > 0; i-- {
		if strings.HasPrefix(parts[i-1], "bubblelevel: ") && !strings.HasPrefix(parts[i], "lost: ") {
			parts[i] = parts[i-1] + "\n" + parts[i]
		}
	}
	return parts
}

// tally counts verdicts by class.
type tally struct {
	mu    sync.Mutex
	count map[row]int
}

type row struct {
	healthy bool
	class   string
	green   bool
}

func (y *tally) add(s *sender, green bool) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.count == nil {
		y.count = map[row]int{}
	}
	y.count[row{s.healthy, s.class, green}]++
}

func (y *tally) size() (n int) {
	for _, c := range y.count {
		n += c
	}
	return n
}
