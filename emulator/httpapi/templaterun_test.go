package httpapi

import (
	"maps"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/action"
)

// TestOverrideTakesThePlace: a header of a run takes the place of the webhook's own in whatever letter case, and the webhook of
// the template stays as it is for the next run.
func TestOverrideTakesThePlace(t *testing.T) {
	own := map[string]string{"x-token": "own", "Accept": "own"}
	w := action.Webhook{URL: "http://own", Method: "PUT", Headers: own, Payload: "own"}
	Override{URL: "http://other", Headers: map[string]string{"X-Token": "other", "X-More": "more"}}.Apply(&w)
	if want := map[string]string{"X-Token": "other", "Accept": "own", "X-More": "more"}; !maps.Equal(w.Headers, want) {
		t.Errorf("headers %v, want %v", w.Headers, want)
	}
	if w.URL != "http://other" || w.Method != "PUT" || w.Payload != "own" {
		t.Errorf("%+v", w)
	}
	if !maps.Equal(own, map[string]string{"x-token": "own", "Accept": "own"}) {
		t.Errorf("the template's own headers became %v", own)
	}
	bare := action.Webhook{}
	Override{Headers: map[string]string{"A": "b"}}.Apply(&bare)
	if bare.Headers["A"] != "b" {
		t.Errorf("%v", bare.Headers)
	}
}
