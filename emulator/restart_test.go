package emulator_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/journal"
)

// open is an emulator with a file; the test closes it.
func open(t *testing.T, c emulator.Config) *emulator.Server {
	t.Helper()
	s, err := emulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, emulator.Config{Store: path})
	post(t, s, documented)
	post(t, s, body(`"service":"nobody"`))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, emulator.Config{Store: path})
	if f := s.Found(); f.Deploys != 2 {
		t.Errorf("found %+v, want 2 deploys", f)
	}
	wantAnswer(t, post(t, s, documented), 202, duplicateBody)
	if n := len(s.Suggestions()); n != 1 {
		t.Errorf("%d suggestions after the restart", n)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the store's mode is %v (%v), want 0600", info.Mode(), err)
	}
}

func TestHeldStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	open(t, emulator.Config{Store: path})
	_, err := emulator.New(emulator.Config{Store: path})
	var locked *journal.LockedError
	if !errors.As(err, &locked) || locked.PID != os.Getpid() {
		t.Errorf("a second emulator on the store: %v", err)
	}
}

// TestAnyHistory: whatever was done to an account, it is the same after a restart.
func TestAnyHistory(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			random := rand.New(rand.NewPCG(seed, 1))
			config := emulator.Config{Store: path, Keep: 20, Clock: clock.NewManual(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))}
			s := open(t, config)
			for range 4 {
				for range 25 {
					step(t, s, random)
				}
				before := state(s)
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				s = open(t, config)
				if after := state(s); after != before {
					t.Fatalf("the account changed over a restart\nbefore %s\nafter  %s", before, after)
				}
			}
		})
	}
}

func step(t *testing.T, s *emulator.Server, random *rand.Rand) {
	alias := fmt.Sprintf("service_%d", random.IntN(6))
	switch random.IntN(14) {
	case 0:
		s.CreateService(catalog.Service{Name: alias})
	case 1:
		s.Accept(alias, catalog.Service{})
	case 2:
		s.Bind(alias, "shopping_cart")
	case 3:
		s.Ignore(alias)
	case 4:
		s.AddAlias("shopping_cart", alias)
	case 5:
		if i, err := s.CreateIntegration(catalog.Integration{Type: "jenkins"}, 0); err == nil && random.IntN(2) == 0 {
			s.Retire(i.UUID)
		}
	case 6:
		if random.IntN(4) == 0 {
			s.Reset()
		}
	case 7:
		if random.IntN(4) == 0 {
			s.LoadFixtures(catalog.Contents{Services: []catalog.Service{{Name: alias}}, Integrations: []catalog.Integration{{UUID: deployUUID, Type: "deploy"}}})
		}
	default:
		send(t, "POST", s.DeployURL(deployUUID), "application/json", body(`"service":"`+alias+`"`, fmt.Sprintf(`"dedup_id":"%d"`, random.IntN(40))))
	}
}

// state is all of an account that can be seen, with the answer that each alias and dedup id would get.
func state(s *emulator.Server) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v\n", s.Contents().Services)
	for _, i := range s.Integrations() {
		fmt.Fprintf(&b, "%s %s %v\n", i.UUID, i.Type, i.RetiredAt != nil)
	}
	for _, g := range s.Suggestions() {
		fmt.Fprintf(&b, "%s %s %d %s %d\n", g.Alias, g.State, g.Deploys, g.Service, g.FirstSeq)
	}
	for n := range 6 {
		fmt.Fprintf(&b, "%d ", s.Recorded(fmt.Sprintf("service_%d", n)))
	}
	for n := range 40 {
		fmt.Fprintf(&b, "%d", s.Original(deployUUID, fmt.Sprint(n)))
	}
	return b.String()
}
