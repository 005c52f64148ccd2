package client_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/client"
)

// TestNoRedirectIsFollowed: what changes something would become a GET, and its answer a success.
func TestNoRedirectIsFollowed(t *testing.T) {
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.URL.Path == "/elsewhere" {
			w.Write([]byte("{}"))
			return
		}
		http.Redirect(w, r, "/elsewhere", http.StatusMovedPermanently)
	}))
	defer s.Close()
	var refused *client.Error
	if err := client.New(s.URL, "").Retire(t.Context(), "x"); !errors.As(err, &refused) || refused.HTTP != 301 || asked != 1 {
		t.Errorf("%v after %d requests", err, asked)
	}
}

// TestNamesOfDots: a name that a path would lose is one that is not there.
func TestNamesOfDots(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	c := client.New(s.ControlURL(), "")
	for _, name := range []string{".", "..", "a/../b"} {
		for what, err := range map[string]error{
			"retire": c.Retire(t.Context(), name), "alias": c.AddAlias(t.Context(), name, "x"), "ignore": c.Ignore(t.Context(), name), "fault": c.RemoveFault(t.Context(), name),
		} {
			var refused *client.Error
			if !errors.As(err, &refused) || refused.HTTP != 404 || refused.Code != "not_found" {
				t.Errorf("%s %q: %v", what, name, err)
			}
		}
	}
}
