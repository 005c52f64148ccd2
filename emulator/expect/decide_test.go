package expect_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
)

// TestVerdicts are the rules of what counts, each with the sin that it keeps away.
func TestVerdicts(t *testing.T) {
	type expectation = func(*expect.Expectation)
	none := []expectation(nil)
	for _, c := range []struct {
		name   string
		events []*event.Event
		query  string
		bounds []expectation
		want   expect.Outcome
		count  int
	}{
		{"nothing came", nil, "", none, expect.NotMet, 0},
		{"one came", []*event.Event{sent("cart", "prod")}, "service:cart", none, expect.Met, 1},
		{"another came", []*event.Event{sent("card", "prod")}, "service:cart", none, expect.NotMet, 0},
		{"of many, one is enough", []*event.Event{sent("cart", "a"), sent("cart", "b")}, "", none, expect.Met, 2},

		// False greens: a 202 for a deploy that OpsLevel does not have.
		{"dropped", []*event.Event{sent("cart", "prod", dropped)}, "service:cart", none, expect.NotMet, 0},
		{"unknown alias", []*event.Event{sent("cart", "prod", unknown)}, "service:cart", none, expect.NotMet, 0},
		{"rejected", []*event.Event{sent("cart", "prod", rejected)}, "service:cart", none, expect.NotMet, 0},
		{"one there, the other lost", []*event.Event{sent("cart", "a"), sent("cart", "prod", dropped)}, "service:cart", none, expect.NotMet, 1},
		{"the old one is there, the new one was dropped", []*event.Event{sent("cart", "prod"), sent("cart", "prod", commit("b2"), dropped)}, "service:cart environment:prod", none, expect.NotMet, 1},
		{"202 proves nothing", []*event.Event{sent("cart", "prod", dropped)}, "service:cart http:202", none, expect.NotMet, 0},
		{"a class of 2xx neither", []*event.Event{sent("cart", "prod", dropped)}, "service:cart http:2xx", none, expect.NotMet, 0},
		{"exactly one there, the other lost", []*event.Event{sent("cart", "a"), sent("cart", "b", dropped)}, "service:cart", []expectation{times(1)}, expect.NotMet, 1},
		{"at most one, and one lost", []*event.Event{sent("cart", "b", dropped)}, "service:cart", []expectation{most(1)}, expect.NotMet, 0},
		{"never means never sent", []*event.Event{sent("cart", "prod", rejected)}, "service:cart", []expectation{never}, expect.NotMet, 1},
		{"times 0 too", []*event.Event{sent("cart", "prod", dropped)}, "service:cart", []expectation{times(0)}, expect.NotMet, 1},
		{"not retried", []*event.Event{sent("cart", "a"), sent("cart", "b", unavailable)}, "service:cart", none, expect.NotMet, 1},
		{"no deploy but a call", []*event.Event{call("/api/ping")}, "", none, expect.NotMet, 0},
		{"before the reset", []*event.Event{sent("cart", "prod"), reset()}, "service:cart", none, expect.NotMet, 0},
		{"before --since", []*event.Event{sent("cart", "prod"), sent("card", "prod")}, "service:cart", []expectation{since(1)}, expect.NotMet, 0},
		{"twice", []*event.Event{sent("cart", "a"), sent("cart", "a", commit("b2"))}, "service:cart", []expectation{times(1)}, expect.NotMet, 2},
		{"made good by another commit", []*event.Event{sent("cart", "prod", dropped), sent("cart", "prod", commit("b2"))}, "service:cart", none, expect.NotMet, 1},
		{"made good with another status", []*event.Event{sent("cart", "prod", dropped, status("success")), sent("cart", "prod", status("running"))}, "service:cart", none, expect.NotMet, 1},

		{"a lost deploy is kept out of sight, and not asked for", []*event.Event{sent("cart", "p", unavailable)}, "service:cart not:finding:silent", none, expect.NotMet, 0},
		{"nor by another result", []*event.Event{sent("cart", "p", rejected)}, "service:cart not:result:duplicate_deploy", none, expect.NotMet, 0},
		{"nor by a warning that a lost one has too", []*event.Event{sent("cart", "p", warned, dropped)}, "finding:environment.case", none, expect.NotMet, 0},
		{"ok, and yet lost", []*event.Event{sent("cart", "p", placeholder)}, "result:ok", none, expect.NotMet, 0},

		// False reds: a sender in good health.
		{"retry with the same id", []*event.Event{sent("cart", "prod", dedup("7")), sent("cart", "prod", dedup("7"), retried)}, "service:cart", []expectation{times(1)}, expect.Met, 1},
		{"503, then there", []*event.Event{sent("cart", "prod", unavailable), sent("cart", "prod")}, "service:cart", []expectation{times(1)}, expect.Met, 1},
		{"503, then there under a new id", []*event.Event{sent("cart", "p", bare, dedup("7"), unavailable), sent("cart", "p", bare, dedup("8"))}, "service:cart", none, expect.Met, 1},
		{"a fault, then there", []*event.Event{sent("cart", "p", bare, kept), sent("cart", "p", bare)}, "service:cart", none, expect.Met, 1},
		{"a fault alone", []*event.Event{sent("card", "p"), sent("cart", "p", bare, kept)}, "", none, expect.NotMet, 1},
		{"503 under a new id, and only the old one came again", []*event.Event{sent("cart", "p", bare, dedup("7")), sent("cart", "p", bare, dedup("8"), unavailable), sent("cart", "p", bare, dedup("7"), retried)}, "", none, expect.NotMet, 1},
		{"503, then another deploy with other words", []*event.Event{sent("cart", "p", bare, dedup("7"), unavailable), sent("cart", "p", bare, dedup("8"), worded("other"))}, "", none, expect.NotMet, 1},
		{"503 to a body nobody read, then there", []*event.Event{sent("cart", "prod", unavailable, unread), sent("cart", "prod")}, "", none, expect.Met, 1},
		{"there but the answer lost, 503, duplicate", []*event.Event{sent("cart", "p", dedup("7")), sent("cart", "p", dedup("7"), unavailable), sent("cart", "p", dedup("7"), retried)}, "service:cart", none, expect.Met, 1},
		{"lost, then sent rightly", []*event.Event{sent("cart", "prod", rejected), sent("cart", "prod")}, "service:cart", none, expect.Met, 1},
		{"lost before the reset", []*event.Event{sent("cart", "prod", dropped), reset(), sent("cart", "prod", commit("b2"))}, "service:cart", none, expect.Met, 1},
		{"unknown, then accepted", []*event.Event{sent("cart", "prod", unknown), bound("cart"), sent("cart", "prod", commit("b2"))}, "service:cart", none, expect.Met, 1},
		{"another's loss", []*event.Event{sent("card", "prod", dropped), sent("cart", "prod")}, "service:cart", none, expect.Met, 1},
		{"the loss was asked for", []*event.Event{sent("cart", "prod", dropped)}, "result:duplicate_deploy", none, expect.Met, 1},
		{"a finding was asked for", []*event.Event{sent("cart", "prod", dropped)}, "service:cart finding:silent", none, expect.Met, 1},
		{"a 400 was asked for", []*event.Event{sent("cart", "prod", rejected)}, "http:4xx", none, expect.Met, 1},
		{"one of two fates was asked for", []*event.Event{sent("cart", "p", unknown)}, "result:ok,no_service_found", none, expect.Met, 1},
		{"anything but ok was asked for", []*event.Event{sent("cart", "p", dropped)}, "not:result:ok", none, expect.Met, 1},
		{"a retry was asked for", []*event.Event{sent("cart", "p"), sent("cart", "p", retried)}, "finding:sender.retry", none, expect.Met, 1},
		{"a 503 was asked for", []*event.Event{sent("cart", "p", unavailable)}, "finding:wire.try_again", none, expect.Met, 1},
		{"a warning was asked for", []*event.Event{sent("cart", "p", warned)}, "finding:environment.case", none, expect.Met, 1},
		{"any finding was asked for", []*event.Event{sent("cart", "p", dropped)}, "has:finding", none, expect.Met, 1},
		{"an unfilled variable was asked for", []*event.Event{sent("cart", "p", placeholder)}, "finding:field.placeholder", none, expect.Met, 1},
		{"a title was asked for", []*event.Event{sent("cart", "p", rejected, titled)}, "title:\"Service Error\"", none, expect.Met, 1},
		{"nothing lost was asked for, and none is", []*event.Event{sent("cart", "p")}, "not:finding:silent not:title:x", none, expect.Met, 1},
		{"a call was asked for", []*event.Event{call("/api/ping")}, "path:/api/ping", none, expect.Met, 1},
		{"never, of another", []*event.Event{sent("card", "prod", dropped)}, "service:cart", []expectation{never}, expect.Met, 0},
		{"between", []*event.Event{sent("cart", "a"), sent("cart", "b"), sent("cart", "c")}, "service:cart", []expectation{least(2), most(3)}, expect.Met, 3},
		{"any number", nil, "service:cart", []expectation{least(0)}, expect.Met, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := decide(t, newFake(c.events...), expecting(t, c.query, c.bounds...))
			if v.Outcome != c.want || v.Count != c.count {
				t.Errorf("want %s (%d), got %s", c.want, c.count, describe(v))
			}
			if v.Outcome == expect.NotMet && v.Count == 0 && len(c.events) > 0 && len(v.Near)+len(v.Lost) == 0 && v.Requests > 0 {
				t.Errorf("nothing near is shown: %s", describe(v))
			}
		})
	}
}

// bound is the event of an alias that a service got.
func bound(alias string) *event.Event {
	return &event.Event{Kind: event.KindChange, Change: &event.Change{
		Suggestion: &event.SuggestionChange{Alias: alias, State: catalog.Bound, Service: "shopping"}}}
}

func TestEvictedWindow(t *testing.T) {
	many := func() *fake {
		f := newFake()
		for i := range 10 {
			f.add(sent("cart", "prod", at(time.Duration(i)*time.Minute)))
		}
		f.evict(6)
		return f
	}
	for _, c := range []struct {
		name   string
		query  string
		bounds []func(*expect.Expectation)
		want   expect.Outcome
	}{
		{"enough of what is left", "service:cart", nil, expect.Met},
		{"exactly as many as are left", "service:cart", []func(*expect.Expectation){times(5)}, expect.Incomplete},
		{"more than the bound", "service:cart", []func(*expect.Expectation){times(4)}, expect.NotMet},
		{"fewer than needed", "service:cart", []func(*expect.Expectation){least(6)}, expect.Incomplete},
		{"none of them", "service:card", nil, expect.Incomplete},
		{"never", "service:card", []func(*expect.Expectation){never}, expect.Incomplete},
		{"never, since what is whole", "service:card", []func(*expect.Expectation){never, since(5)}, expect.Met},
		{"newer than what is gone", "service:card newer:" + start.Add(6*time.Minute).Format("2006-01-02T15:04:05"), nil, expect.NotMet},
		{"perhaps older than that", "service:card newer:" + start.Format("2006-01-02T15:04:05"), nil, expect.Incomplete},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := decide(t, many(), expecting(t, c.query, c.bounds...))
			if v.Outcome != c.want {
				t.Errorf("want %s, got %s", c.want, describe(v))
			}
			if want := (expect.Gap{From: 1, To: 5}); v.After == 0 && (v.Evicted == nil || *v.Evicted != want) {
				t.Errorf("evicted = %v, want %v", v.Evicted, want)
			}
		})
	}
	t.Run("a reset makes it whole", func(t *testing.T) {
		f := many()
		f.add(reset())
		if v := decide(t, f, expecting(t, "service:cart", never)); v.Outcome != expect.Met {
			t.Errorf("got %s", describe(v))
		}
	})
	t.Run("evicted while it is read", func(t *testing.T) {
		f := newFake(sent("cart", "a"), sent("cart", "b"), sent("card", "c"))
		f.reading = func() { f.evict(3) }
		if v := decide(t, f, expecting(t, "service:cart")); v.Outcome != expect.Incomplete {
			t.Errorf("got %s", describe(v))
		}
	})
}

// TestWhatAmendsIsGone: a loss that a later deploy may have made good is not told as lost when that deploy left the window
// before it could be held against it, and is when it is still there.
func TestWhatAmendsIsGone(t *testing.T) {
	history := func() *fake {
		return newFake(sent("cart", "p", rejected), sent("cart", "p"), sent("cart", "p", commit("b2")))
	}
	if v := decide(t, history(), expecting(t, "service:cart")); v.Outcome != expect.Met {
		t.Errorf("while all is there: %s", describe(v))
	}
	f := history()
	f.skimmed = func() { f.evict(3) }
	v := decide(t, f, expecting(t, "service:cart"))
	if v.Outcome != expect.Incomplete || v.Evicted == nil || *v.Evicted != (expect.Gap{From: 2, To: 2}) || !strings.Contains(v.Why, "events 2 to 2") {
		t.Errorf("evicted %v: %s", v.Evicted, describe(v))
	}
}

// TestManyStretches: a journal is read in stretches side by side; the order of events must not suffer.
func TestManyStretches(t *testing.T) {
	f := newFake()
	for i := range 5000 {
		f.add(sent("cart", "prod", commit("c"+string(rune('a'+i%26)))))
		switch i {
		case 3000:
			f.add(reset())
		case 3500:
			f.add(sent("cart", "lost", dropped))
		case 4900:
			f.add(sent("cart", "lost"))
		}
	}
	v := decide(t, f, expecting(t, "service:cart"))
	if v.Outcome != expect.Met || v.Count != 5000-3001+1 || v.After != 3002 {
		t.Errorf("got after %d: %s", v.After, describe(v))
	}
	if !slices.IsSorted(v.Events) || v.Events[len(v.Events)-1] != f.Last() {
		t.Errorf("events = %v, want the newest up to %d", v.Events, f.Last())
	}
}
