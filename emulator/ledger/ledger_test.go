package ledger

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

const uuid = "11111111-1111-4111-8111-111111111111"

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func newLedger() *Ledger {
	l, _ := New(catalog.Contents{
		Services:     []catalog.Service{{Name: "Cart", Aliases: []string{"acme/cart"}}},
		Integrations: []catalog.Integration{{UUID: uuid, Type: "deploy"}},
	})
	return l
}

// record applies a deploy as the emulator would have judged it.
func record(l *Ledger, seq uint64, alias, dedup string) deploy.Result {
	d := deploy.Deploy{Service: alias, DedupID: dedup}
	k := l.Known(uuid, &d)
	o := deploy.Decide(d, k.Known)
	e := event.Event{Seq: seq, Kind: event.KindDeploy, At: start, Integration: uuid, Alias: alias, Service: k.Service, Deploy: &d, Result: o.Result, Ordinal: o.Ordinal}
	l.Apply(e.Derived())
	l.Note(&e)
	return o.Result
}

func TestKnown(t *testing.T) {
	l := newLedger()
	for i, c := range []struct {
		alias, dedup string
		want         deploy.Result
	}{
		{"cart", "1", deploy.OK}, {"acme/cart", "2", deploy.OK}, {"cart", "1", deploy.Duplicate},
		{"other", "3", deploy.NoServiceFound}, {"other", "3", deploy.Duplicate}, {"cart", "", deploy.OK}, {"cart", "", deploy.OK},
	} {
		if got := record(l, uint64(i+1), c.alias, c.dedup); got != c.want {
			t.Errorf("%d: %s %s = %s, want %s", i, c.alias, c.dedup, got, c.want)
		}
	}
	if k := l.Known(uuid, &deploy.Deploy{Service: "cart", DedupID: "2"}); k.Original != 2 || k.Recorded != 4 || k.Service != "cart" {
		t.Errorf("known = %+v", k)
	}
	if k := l.Known("another", &deploy.Deploy{Service: "cart", DedupID: "2"}); k.Duplicate {
		t.Error("another integration knows the dedup_id")
	}
}

func TestForget(t *testing.T) {
	l := newLedger()
	record(l, 1, "cart", "old")
	d := event.Event{Seq: 1, Kind: event.KindDeploy, Integration: uuid, Alias: "cart", Deploy: &deploy.Deploy{DedupID: "old"}, Result: deploy.OK, Ordinal: 1}
	l.Forget(d.Derived())
	if l.Forgotten() != 1 || l.Known(uuid, &deploy.Deploy{Service: "cart", DedupID: "old"}).Duplicate {
		t.Error("the dedup_id is still known")
	}
	if k := l.Known(uuid, &deploy.Deploy{Service: "cart"}); k.Recorded != 1 {
		t.Errorf("%d deploys are counted, want 1: numbering goes on", k.Recorded)
	}
}

// TestForgetsAliases: what is known of an alias is bounded as the stubs are, but for what somebody has decided about it.
func TestForgetsAliases(t *testing.T) {
	l := newLedger()
	record(l, 1, "once", "")
	record(l, 2, "twice", "")
	record(l, 3, "ignored", "")
	record(l, 4, "twice", "")
	if _, err := l.Ignore("ignored"); err != nil {
		t.Fatal(err)
	}
	for seq, alias := range []string{1: "once", 2: "twice", 3: "ignored"} {
		d := event.Event{Seq: uint64(seq), Kind: event.KindDeploy, Alias: alias, Result: deploy.NoServiceFound, Ordinal: 1}
		l.Forget(d.Derived())
	}
	if _, ok := l.Suggestion("once"); ok || l.Known(uuid, &deploy.Deploy{Service: "once"}).Recorded != 0 {
		t.Error("an alias without any stub is still known")
	}
	if s, ok := l.Suggestion("twice"); !ok || s.Deploys != 2 || l.Known(uuid, &deploy.Deploy{Service: "twice"}).Recorded != 2 {
		t.Errorf("an alias with a stub is %+v", s)
	}
	if s, ok := l.Suggestion("ignored"); !ok || s.State != catalog.Ignored {
		t.Errorf("what was ignored is %+v", s)
	}
	if l.Forgotten() != 0 {
		t.Error("a dedup id was given up")
	}
}

func TestLongAliases(t *testing.T) {
	l := newLedger()
	long := strings.Repeat("x", 1<<20)
	record(l, 1, long+"a", "")
	record(l, 2, long+"b", "")
	record(l, 3, long+"a", "")
	all := l.Suggestions()
	if len(all) != 2 || all[1].Deploys != 2 || len(all[0].Alias) > 2000 {
		t.Errorf("%d suggestions; the first names %d bytes", len(all), len(all[0].Alias))
	}
}

func TestSuggestions(t *testing.T) {
	l := newLedger()
	record(l, 1, "crat", "")
	g, ok := l.Suggestion("crat")
	if !ok || g.State != catalog.Open || g.FirstSeq != 1 {
		t.Fatalf("suggestion = %+v", g)
	}
	if near := l.Suggestions()[0].Near; len(near) == 0 || near[0] != "cart" {
		t.Errorf("near = %v, want cart first", near)
	}
	if _, err := l.Bind("crat", "nobody"); !errors.Is(err, catalog.ErrNoService) {
		t.Errorf("bound to nobody: %v", err)
	}
	if _, err := l.Ignore("crat"); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Bind("crat", "cart"); err != nil {
		t.Fatalf("what was ignored cannot be bound any more: %v", err)
	}
	if _, err := l.Accept("crat", catalog.Service{}); !errors.Is(err, catalog.ErrSettled) {
		t.Errorf("accepted after it was bound: %v", err)
	}
	if _, err := l.Ignore("nobody"); !errors.Is(err, catalog.ErrNoSuggestion) {
		t.Errorf("ignored what is not there: %v", err)
	}
	if k := l.Known(uuid, &deploy.Deploy{Service: "cart"}); k.Recorded != 1 {
		t.Errorf("the deploy of the bound alias is not the service's: %d", k.Recorded)
	}
}

func TestServiceTakesItsDeploys(t *testing.T) {
	l := newLedger()
	record(l, 1, "api", "")
	record(l, 2, "api", "")
	if _, err := l.AddService(catalog.Service{Name: "API", Slug: "the_api", Aliases: []string{"api"}}); err != nil {
		t.Fatal(err)
	}
	if g, _ := l.Suggestion("api"); g.State != catalog.Bound || g.Service != "the_api" {
		t.Errorf("the waiting suggestion = %+v", g)
	}
	if k := l.Known(uuid, &deploy.Deploy{Service: "api"}); k.Recorded != 2 || k.Service != "the_api" {
		t.Errorf("known = %+v", k)
	}
}

func TestIntegration(t *testing.T) {
	l := newLedger()
	if _, s := l.Integration(uuid, start); s != Live {
		t.Errorf("standing = %v", s)
	}
	if _, s := l.Integration("nobody", start); s != Unknown {
		t.Errorf("standing = %v", s)
	}
	if _, err := l.Retire(uuid, start); err != nil {
		t.Fatal(err)
	}
	if _, s := l.Integration(uuid, start); s != Retired {
		t.Errorf("standing = %v", s)
	}
	end := start.Add(time.Hour)
	if _, err := l.AddIntegration(catalog.Integration{UUID: "short", ExpiresAt: &end}); err != nil {
		t.Fatal(err)
	}
	if _, s := l.Integration("short", end.Add(-1)); s != Live {
		t.Errorf("before its end: %v", s)
	}
	if _, s := l.Integration("short", end); s != Retired {
		t.Errorf("at its end: %v", s)
	}
}

// TestRepeatsGoOnWhenFull: what is counted already is counted on when there is no room for more.
func TestRepeatsGoOnWhenFull(t *testing.T) {
	l := newLedger()
	for original := range uint64(maxRepeats + 1) {
		l.Note(&event.Event{Seq: 2*original + 2, Kind: event.KindDeploy, Result: deploy.Duplicate, DuplicateOf: original + 1})
	}
	l.Note(&event.Event{Seq: 1 << 20, Kind: event.KindDeploy, Result: deploy.Duplicate, DuplicateOf: 1})
	if n := l.Repeats(1); n != 2 {
		t.Errorf("%d repetitions of the first, want 2", n)
	}
	if n := l.Repeats(maxRepeats + 1); n != 0 {
		t.Errorf("%d repetitions beyond the bound", n)
	}
}

func TestPastIsBounded(t *testing.T) {
	l := newLedger()
	for i := range uint64(100) {
		e := event.Event{Seq: i + 1, Kind: event.KindDeploy, Alias: "cart", Service: "cart", Result: deploy.OK,
			Deploy: &deploy.Deploy{Environment: strings.Repeat("e", int(i))}}
		l.Note(&e)
	}
	if n := len(l.Past("cart", "cart", "").Environments); n != maxEnvironments {
		t.Errorf("%d environments are remembered, want %d", n, maxEnvironments)
	}
	if p := l.Past("cart", "cart", "eee"); p.Previous != 4 {
		t.Errorf("the last deploy to eee is %d, want 4", p.Previous)
	}
}
