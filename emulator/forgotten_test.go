package emulator_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// TestForgottenIsSaidNowAndThen: a store that is full gives up a dedup id with each deploy, and says so with few of them.
func TestForgottenIsSaidNowAndThen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	sent := 0
	saying := func(s *emulator.Server, deploys int) (said []int) {
		for i := range deploys {
			sent++
			post(t, s, body(fmt.Sprintf(`"dedup_id":"%d"`, sent)))
			if d := s.Deploys(); slices.ContainsFunc(d[len(d)-1].Findings, func(f finding.Finding) bool { return f.ID == "dedup.forgotten" }) {
				said = append(said, i)
			}
		}
		return said
	}
	open := func() *emulator.Server { return emulator.Start(t, emulator.Config{Store: path, Keep: 5, KeepIDs: 20}) }
	s := open()
	// The 27th deploy is the first to come after an id was given up, and that happens again twenty ids later.
	if said := saying(s, 60); !slices.Equal(said, []int{26, 46}) {
		t.Errorf("said with %v", said)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open()
	if said := saying(s, 10); len(said) > 1 || len(said) == 1 && said[0] == 0 {
		t.Errorf("after a restart said with %v", said)
	}
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	if said := saying(s, 26); said != nil {
		t.Errorf("after a reset said with %v", said)
	}
	if said := saying(s, 10); len(said) != 1 {
		t.Errorf("once ids are given up again said with %v", said)
	}
}
