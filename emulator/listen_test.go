package emulator_test

import (
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
)

// TestListenOnce: a second Listen would forget the first address, and one after the end would serve what can record nothing.
func TestListenOnce(t *testing.T) {
	s, err := emulator.New(emulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	url := s.URL()
	if err := s.Listen(); err == nil || s.URL() != url {
		t.Errorf("a second time: %v, %s then %s", err, url, s.URL())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err == nil {
		t.Error("it listens after its end")
	}
}
