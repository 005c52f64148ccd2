package emulator

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

func opened(t *testing.T, c Config) *Server {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestChangesAreBounded: what the account is made of cannot grow for ever, neither by ever more changes (an integration can
// be retired again and again) nor by a few large ones. A reset or a load begins anew, and a restart counts what it finds.
func TestChangesAreBounded(t *testing.T) {
	store := filepath.Join(t.TempDir(), "store")
	s := opened(t, Config{Store: store})
	uuid := s.Integrations()[0].UUID
	for range 3 {
		if err := s.Retire(uuid); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	s = opened(t, Config{Store: store})
	if s.changes.n != 3 || s.changes.bytes < 100 {
		t.Errorf("after a restart %+v, want 3 changes", s.changes)
	}
	s.changes.n = MaxChanges - 1
	if err := s.Retire(uuid); err != nil {
		t.Errorf("the last one: %v", err)
	}
	if err := s.Retire(uuid); !errors.Is(err, catalog.ErrFull) || !strings.Contains(err.Error(), "500000 changes") {
		t.Errorf("one too many: %v", err)
	}
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	big := strings.Repeat("x", 1<<20)
	made := 0
	for ; made < 100; made++ {
		if _, err := s.CreateService(catalog.Service{Name: catalog.Slug(strings.Repeat("a", made+1)), Description: big}); errors.Is(err, catalog.ErrFull) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if made != MaxChangeBytes>>20 {
		t.Errorf("%d services of a megabyte were taken, want %d", made, MaxChangeBytes>>20)
	}
	if _, err := s.LoadFixtures(catalog.Contents{Services: []catalog.Service{{Name: "Cart"}}}); err != nil || s.changes != (changes{}) {
		t.Errorf("a load of fixtures: %v, and then %+v", err, s.changes)
	}
	if _, err := s.CreateService(catalog.Service{Name: "Next"}); err != nil {
		t.Error(err)
	}
}

// TestUnansweredAreBounded: beyond the limit the oldest is forgotten, and one that is tried again keeps its place.
func TestUnansweredAreBounded(t *testing.T) {
	var u unanswered
	key := func(n int) event.DedupKey { return event.DedupKey{byte(n), byte(n >> 8)} }
	for n := range maxUnanswered + 1 {
		u.add(key(n), uint64(n+1))
	}
	if u.find(key(0)) != 0 || u.find(key(1)) != 2 || u.find(key(maxUnanswered)) != maxUnanswered+1 || len(u.seqs) != maxUnanswered || len(u.order) != maxUnanswered {
		t.Errorf("%d are kept, the first as %d and %d", len(u.seqs), u.find(key(0)), u.find(key(1)))
	}
	if u.add(key(1), 5000); u.find(key(1)) != 5000 || len(u.order) != maxUnanswered || u.find(key(2)) != 3 {
		t.Error("a second try takes another's place")
	}
}
