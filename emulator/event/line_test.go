package event_test

import (
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// TestLineMasksAUUIDWhereverItStands: a base address with a slash at its end, a folder of a proxy or a misspelled word makes
// a path that is no webhook URL's, and the uuid in it is the real one.
func TestLineMasksAUUIDWhereverItStands(t *testing.T) {
	const uuid = "9ae54794-dfc5-4ac8-b1b5-78789f20f3f8"
	for _, path := range []string{
		"/integrations/deploy/" + uuid, "//integrations/deploy/" + uuid, "/proxy/integrations/deploy/" + uuid + "/",
		"/integration/deploy/" + uuid, "/integrations/" + uuid, "/" + uuid + "/integrations/deploy", "/" + strings.ToUpper(uuid),
		"http://localhost/integrations/deploy/" + uuid, "/deploy?url=" + uuid, "/integrations/deploy/own-name-of-it",
	} {
		e := event.Event{Seq: 1, Kind: event.KindCall, HTTP: 404, Request: &event.Request{Method: "POST", Path: path}}
		line := e.Line()
		for _, secret := range []string{"dfc5-4ac8", "DFC5-4AC8", "78789f20f3f8", "-of-it"} {
			if strings.Contains(line, secret) {
				t.Errorf("%s: the line is %s", path, line)
			}
		}
		if !strings.Contains(line, "-…") {
			t.Errorf("%s: nothing is cut in %s", path, line)
		}
	}
	for _, path := range []string{"/api/ping", "/graphql", "/integrations", "/9ae54794-dfc5"} {
		e := event.Event{Seq: 1, Kind: event.KindCall, HTTP: 404, Request: &event.Request{Method: "GET", Path: path}}
		if line := e.Line(); !strings.HasSuffix(line, "GET "+path) {
			t.Errorf("%s: the line is %s", path, line)
		}
	}
}
