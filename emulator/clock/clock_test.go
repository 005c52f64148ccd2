package clock

import (
	"regexp"
	"testing"
	"time"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestManual(t *testing.T) {
	m := NewManual(start)
	if !m.Now().Equal(start) {
		t.Errorf("now = %v", m.Now())
	}
	first, _ := m.After(time.Second)
	second, _ := m.After(time.Minute)
	_, stop := m.After(time.Hour)
	if n := m.Waiting(); n != 3 {
		t.Errorf("%d timers wait, want 3", n)
	}
	m.Advance(time.Second)
	select {
	case at := <-first:
		if !at.Equal(start.Add(time.Second)) {
			t.Errorf("fired at %v", at)
		}
	default:
		t.Error("the first timer has not fired at its time")
	}
	select {
	case <-second:
		t.Error("the second timer has fired early")
	default:
	}
	stop()
	m.Set(start.Add(time.Minute))
	if _, ok := <-second; !ok || m.Waiting() != 0 {
		t.Errorf("%d timers wait after the second has fired and the third was stopped", m.Waiting())
	}
}

func TestManualAtOnce(t *testing.T) {
	m := NewManual(start)
	for _, d := range []time.Duration{0, -time.Second} {
		fired, stop := m.After(d)
		select {
		case <-fired:
		default:
			t.Errorf("a timer of %v has not fired at once", d)
		}
		stop()
	}
}

func TestSystem(t *testing.T) {
	fired, stop := System{}.After(time.Nanosecond)
	defer stop()
	if at := <-fired; at.IsZero() || (System{}).Now().Before(at) {
		t.Error("the machine's clock runs backwards")
	}
}

var uuidV4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestIDs(t *testing.T) {
	for name, ids := range map[string]IDs{"random": Random{}, "seeded": NewSeeded(7)} {
		seen := map[string]bool{}
		for range 1000 {
			id := ids.UUID()
			if !uuidV4.MatchString(id) || seen[id] {
				t.Fatalf("%s uuid %q is no version 4 or came twice", name, id)
			}
			seen[id] = true
		}
		if token := ids.Token(); len(token) != 32 {
			t.Errorf("%s token %q has %d characters", name, token, len(token))
		}
	}
	a, b, c := NewSeeded(1), NewSeeded(1), NewSeeded(2)
	if x, y, z := a.UUID(), b.UUID(), c.UUID(); x != y || x == z {
		t.Errorf("seeds 1, 1 and 2 give %s, %s and %s", x, y, z)
	}
}
