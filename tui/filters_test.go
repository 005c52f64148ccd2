package tui

import (
	"context"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
)

// Every list speaks the query language over what it shows, and goes on with what comes in.
func TestFiltersEverywhere(t *testing.T) {
	src := busy()
	src.mu.Lock()
	src.suggest[0].State = catalog.Ignored
	src.mu.Unlock()
	for _, c := range []struct {
		screen, query string
		found         string
		shows, lacks  string
	}{
		{"2", "environment:QA", "1 of 2", "run-b0", "build-2231"},
		{"2", "dedup:build-2231 finding:silent", "1 of 2", "build-2231", "run-b0"},
		{"2", "not:service:checkout", "1 of 2", "build-2231", "run-b0"},
		{"2", "http:4xx", "0 of 2", "No duplicate answers the filter", "build-2231"},
		{"3", "status:open", "1 of 2", "shoping_cart", "legacy-monolith"},
		{"3", "near", "0 of 2", "No suggestion answers", "legacy-monolith"},
		{"3", "service:shopping_cart", "1 of 2", "shoping_cart", "legacy-monolith"},
		{"3", "-/^shop/", "1 of 2", "legacy-monolith", "shoping_cart"},
		{"3", "sha:38d02f", "nothing here has sha:", "No suggestion answers", "legacy-monolith"},
		{"4", "aes_sedai", "1 of 5", "Django Test", "Checkout"},
		{"4", "alias:cart", "1 of 5", "Shopping Cart", "Checkout"},
		{"4", "environment:production", "1 of 5", "Search", "Checkout"},
		{"4", "newer:1h not:service:~sea", "3 of 5", "Checkout", "Django Test"},
		{"5", "http:2xx", "1 of 1", "201", "No firing answers"},
		{"5", "status:failure", "0 of 1", "No firing answers", "201  "},
	} {
		t.Run(c.screen+" "+c.query, func(t *testing.T) {
			d := newDesk(t, src, 120, 36)
			d.press(c.screen, "/", "type:"+c.query, "enter").shows(c.found, c.shows)
			if list, _, _ := strings.Cut(d.screen(), "│"); strings.Contains(list, c.lacks) || strings.Contains(d.column(), c.lacks) {
				t.Errorf("%q is still there:\n%s", c.lacks, d.screen())
			}
			if d.press("esc"); strings.Contains(d.screen(), "answers the filter") || d.u.screen().words().showing() {
				t.Error("esc does not clear the filter")
			}
		})
	}
}

// column is the list without the pane beside it.
func (d *desk) column() string {
	var b strings.Builder
	for _, l := range strings.Split(d.screen(), "\n")[2:] {
		list, _, beside := strings.Cut(l, "│")
		if beside {
			b.WriteString(list + "\n")
		}
	}
	return b.String()
}

// A filter goes on with what comes in, a new query forgets what the old one was still searching for, and a reset leaves
// nothing behind.
func TestFiltersGoOn(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("2", "/", "type:environment:Canary", "enter").shows("0 of 2")
	d.src.post("service", "checkout", "environment", "Canary", "dedup_id", "run-a0")
	d.src.post("service", "checkout", "environment", "QA", "dedup_id", "run-a0")
	d.src.post("service", "checkout", "environment", "Canary", "dedup_id", "run-a0")
	d.src.post("service", "checkout", "environment", "QA", "dedup_id", "run-a0")
	d.pull()
	d.shows("1 of 3", "\"Canary\"", "this is 3 of 4")
	d.press("5", "/", "type:has:http", "enter").shows("1 of 1")
	if _, err := d.src.Fire(context.Background(), "Django Boilerplate", nil); err != nil {
		t.Fatal(err)
	}
	d.pull()
	d.shows("2 of 2")

	slow := d.u.deploys.filter.apply("result:ok")
	d.do(d.u.deploys.filter.apply("result:rejected"))
	d.do(slow)
	if n := len(d.u.deploys.rows.ids); n != 3 {
		t.Errorf("%d rows, 3 were rejected", n)
	}
	if err := d.src.Reset(context.Background()); err != nil {
		t.Fatal(err)
	}
	d.pull()
	for _, screen := range []string{"1", "2", "5"} {
		if d.press(screen); len(d.u.screen().list().ids) > 0 {
			t.Errorf("screen %s still lists %v after the reset", screen, d.u.screen().list().ids)
		}
	}
}

// In a list that does not follow, the payload that is compared stays the same, too.
func TestDuplicateStands(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("2", "g").shows("against dropped 62")
	d.src.post("service", "shopping_cart", "environment", "QA", "dedup_id", "build-2231")
	d.pull()
	d.shows("against dropped 62", "this is 1 of 2")
	d.press("l").shows("against dropped 73", "this is 2 of 2").press("l").shows("against dropped 73").press("h").shows("against dropped 62")
}

// Only fields that the things of a list have are offered, with values that were seen there.
func TestCompletionsAreOfTheList(t *testing.T) {
	d := newDesk(t, busy(), 140, 36)
	d.press("3", "/", "type:s").shows("service:", "status:", "seq:")
	if strings.Contains(d.screen(), "sha:") {
		t.Errorf("sha: is offered:\n%s", d.screen())
	}
	d.press("type:tatus:").shows("ignored", "bound")
	d.press("esc", "3", "/", "type:alias:l", "tab").shows("alias:legacy-monolith", "1 of 2")
	d.press("esc", "4", "/", "type:environment:").shows("Production", "QA")
	d.press("esc", "1", "/", "type:finding:sil").shows("silent.rejected")
}

// What is marked can be listed by itself, is exported, and comes back to the whole.
func TestMarkedOnly(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("g", "m", "m", "j", "m").press("M").shows("only what is marked", "3 marked; M lists all")
	if ids := d.u.deploys.rows.ids; len(ids) != 3 || ids[2] != 4 {
		t.Errorf("listed are %v", ids)
	}
	d.src.post("service", "checkout")
	d.pull()
	d.shows("3 marked").press("e").shows("3 events in").press("esc")
	if n := len(d.u.deploys.rows.ids); n != 72 {
		t.Errorf("%d rows after esc", n)
	}
	d.press("M", "U")
	if n := len(d.u.deploys.rows.ids); n != 72 || len(d.u.deploys.rows.marks) > 0 {
		t.Errorf("%d rows, %d marks after U", n, len(d.u.deploys.rows.marks))
	}
	d.press("M").shows("nothing is marked")
}

// Whoever asks for something else while only what is marked is listed gets that, and not the marks.
func TestQueryTakesThePlaceOfMarks(t *testing.T) {
	for _, keys := range [][]string{{"4", "/", "type:alias:checkout", "enter", "enter"}, {"f", "n"}, {"/", "type:environment:QA", "enter"}} {
		d := newDesk(t, busy(), 120, 36)
		d.press("g", "m", "M").shows("only what is marked").press(keys...)
		if f := d.u.deploys.filter; d.u.current != 0 || f.marked || f.text == "" || len(d.u.deploys.rows.ids) < 2 {
			t.Errorf("%v: %+v %v", keys, f.text, d.u.deploys.rows.ids)
		}
	}
	d := newDesk(t, busy(), 120, 36)
	d.press("g", "m", "M", "/", "esc").shows("only what is marked")
}

// The kept deploy is found although a filter leaves it out.
func TestKeptBehindAFilter(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("/", "type:result:duplicate_deploy", "enter", "g", "K").shows("deploy 61 ")
}

// A query to begin with is that of the screen to begin with.
func TestFilterAtTheStart(t *testing.T) {
	d := newDesk(t, busy(), 120, 36, func(o *Options) { o.Screen, o.Filter = "services", "alias:cart" })
	d.shows("1 of 5", "Shopping Cart")
}
