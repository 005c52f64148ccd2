package query_test

import (
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// documented is what each example of the page finds among the samples.
var documented = map[string]string{
	"service:shopping_cart environment:Production": "9 12",
	"result:duplicate_deploy":                      "12",
	"shipping timeout":                             "10",
	"branch:main":                                  "9",
	"sha:38d02f1*":                                 "9 12",
	"message:*tax*":                                "9",
	"message:~tax":                                 "9 10",
	"sha:/^[0-9a-f]{40}$/":                         "9",
	"message:/fix.the.(cart|tax)/":                 "",
	`description:"Deployed by CI"`:                 "9",
	"result:ok,no_service_found":                   "9 10",
	"body:dedup_id":                                "9",
	"header.content-type:application/json":         "9",
	"header:curl":                                  "9",
	"why:suggests":                                 "10",
	"service:shopping_cart":                        "9 12",
	"alias:cart":                                   "9",
	"finding:silent":                               "10 12 17",
	"finding:silent.unknown_alias":                 "10",
	"finding:date":                                 "10",
	"http:404":                                     "21",
	"http:4xx,503":                                 "17 21",
	"seq:10..20":                                   "10 12 17",
	"seq:12..":                                     "12 17 21",
	"number:..250":                                 "9 10",
	"seq:>10":                                      "12 17 21",
	"number:>=234":                                 "9 12",
	"newer:5m":                                     "9 10",
	"older:1h30m":                                  "12 17 21",
	"newer:2026-07-01T10:25":                       "9 10",
	"at:2026-07-01T10:30":                          "9",
	"at:2026-07-01T10:00..2026-07-01T11:30":        "9 10",
	"deployed_at:2019-02-01":                       "9",
	`deployed_at:"2019-02-01 13:28:33"`:            "9",
	"has:dedup":                                    "9 12",
	"has:author,committer":                         "9",
	"not:result:duplicate_deploy":                  "9 10 17 21",
	"-has:commit.sha":                              "10 17 21",
	"not:timeout":                                  "9 12 17 21",
	`"no service"`:                                 "",
	`"http:404"`:                                   "17",
	"https://ci.example.com/runs/7":                "9",
	"10:30":                                        "17",
	"/tax.(rate|code)/":                            "9",
}

// examples are the queries of the page's blocks.
func examples(t *testing.T) (all []string) {
	t.Helper()
	blocks := strings.Split(query.Grammar(), "```query\n")
	for _, b := range blocks[1:] {
		body, _, closed := strings.Cut(b, "```\n")
		if !closed {
			t.Fatal("a block is not closed")
		}
		for line := range strings.Lines(body) {
			q, meaning, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  # ")
			if !ok || meaning == "" {
				t.Errorf("no explanation in %q", line)
			}
			all = append(all, strings.TrimSpace(q))
		}
	}
	return all
}

func TestGrammarExamples(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range examples(t) {
		want, ok := documented[e]
		if !ok || seen[e] {
			t.Errorf("%s: no expectation, or twice on the page", e)
		}
		seen[e] = true
		if got := hits(t, parse(t, e)); got != want {
			t.Errorf("%s finds %q, want %q", e, got, want)
		}
	}
	for e := range documented {
		if !seen[e] {
			t.Errorf("%s is not on the page", e)
		}
	}
}

func TestGrammarPage(t *testing.T) {
	page := query.Grammar()
	for line := range strings.Lines(page) {
		if n := utf8.RuneCountInString(line); n > 81 {
			t.Errorf("%d columns: %s", n-1, line)
		}
	}
	for _, d := range query.Docs() {
		if !strings.Contains(page, "    "+string(d.Field)) || !strings.Contains(page, d.Doc) {
			t.Errorf("%s is not on the page", d.Field)
		}
	}
	if strings.Contains(page, "<!--") {
		t.Error("the list of fields is missing")
	}
}

// shellSplit is what a POSIX shell makes of a line: its words.
func shellSplit(t *testing.T, line string) []string {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh here")
	}
	cmd := exec.Command(sh, "-c", `printf '%s\0' `+line)
	cmd.Dir = t.TempDir()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// TestShell types queries into a shell: the examples that need no quotes as they stand, and all of them as Shell
// writes them.
func TestShell(t *testing.T) {
	needsQuotes := func(s string) bool {
		return strings.ContainsAny(s, "\"|();&`><\\'\t") || strings.HasPrefix(s, "-")
	}
	typed := 0
	for _, e := range examples(t) {
		if needsQuotes(e) {
			continue
		}
		typed++
		if q, err := query.FromArgs(shellSplit(t, e)...); err != nil || q.String() != parse(t, e).String() {
			t.Errorf("%s is %s in a shell: %v", e, q, err)
		}
	}
	if typed < 30 {
		t.Errorf("only %d examples can be typed without quotes", typed)
	}
	var lines, want []string
	for _, f := range forms {
		q := parse(t, f.query)
		lines, want = append(lines, q.Shell()), append(want, q.String())
	}
	got := shellSplit(t, strings.Join(lines, " END "))
	for i, part := range strings.Split("END\x00"+strings.Join(got, "\x00"), "END\x00")[1:] {
		args := strings.Split(strings.TrimSuffix(part, "\x00"), "\x00")
		if q, err := query.FromArgs(args...); err != nil || q.String() != want[i] {
			t.Errorf("%s arrives as %q: %v", lines[i], args, err)
		}
	}
}
