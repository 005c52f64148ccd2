package emulator

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// TestLargeBodyIsAnothersRequest: net/http finds its own body in its own request when the answer is written. Where it does not,
// it cuts the connection of a client that is still sending, and the answer is lost.
func TestLargeBodyIsAnothersRequest(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", event.MaxBody+1)))
	own := r.Body
	read := 0
	oneByOne(make(places, 1), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Body == own {
			t.Error("a large body needs no place")
		}
		b, err := io.ReadAll(r.Body)
		if read = len(b); err != nil {
			t.Error(err)
		}
	})).ServeHTTP(httptest.NewRecorder(), r)
	if r.Body != own {
		t.Error("the request of net/http has another body now")
	}
	if read != event.MaxBody+1 {
		t.Errorf("%d bytes were read", read)
	}
}
