package query_test

import (
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// FuzzParse: nothing panics, errors mark a part of the query, and a query reads back as itself.
func FuzzParse(f *testing.F) {
	for _, c := range forms {
		f.Add(c.query)
	}
	for _, c := range wrong {
		f.Add(c.query)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, k := range query.Complete(s, func(query.Field) []string { return []string{s, "two words"} }) {
			if k.Start < 0 || k.Start > len(s) {
				t.Fatalf("%q: %+v", s, k)
			}
		}
		q, err := query.Parse(s)
		if err != nil {
			checkError(t, s, err.(*query.Error))
			return
		}
		again, err := query.Parse(q.String())
		if len(q.String()) > query.MaxLength { // a synonym became a longer name
			return
		}
		if err != nil || again.String() != q.String() || len(again.Terms()) != len(q.Terms()) {
			t.Fatalf("%q reads back from %q as %q: %v", s, q, again, err)
		}
		for _, x := range append(samples(), &sample{message: s, body: s}) {
			d := q.Distance(x, now)
			if q.Match(x, now) != again.Match(x, now) || q.Match(x, now) != (d.Matched == d.Total) {
				t.Fatalf("%q and %q differ on %d", s, q, x.seq)
			}
		}
		checkShell(t, q)
	})
}

// checkShell takes the quotes of Shell away again, as a shell does.
func checkShell(t *testing.T, q query.Query) {
	var line strings.Builder
	for i, part := range strings.Split(strings.ReplaceAll(q.Shell(), `'\''`, "\x00\x01"), "'") {
		if i%2 == 0 && strings.ContainsAny(part, "\"\\*$`~()[]{}<>|&;!?#\t\n") {
			t.Fatalf("the shell would change %s", q.Shell())
		}
		line.WriteString(strings.ReplaceAll(part, "\x00\x01", "'"))
	}
	if line.String() != q.String() && !strings.Contains(q.String(), "\x00\x01") {
		t.Fatalf("%q is not %q", line.String(), q)
	}
}

func checkError(t *testing.T, s string, e *query.Error) {
	if e.Query != s || e.Offset < 0 || e.Length < 0 || e.Offset+e.Length > len(s) || e.Message == "" {
		t.Fatalf("%q: %+v", s, e)
	}
	lines := strings.Split(e.Mark(), "\n")
	if len(lines) != 2 || strings.Trim(lines[1], " ^") != "" || len(lines[1]) > 100 {
		t.Fatalf("%q is marked %q", s, e.Mark())
	}
}
