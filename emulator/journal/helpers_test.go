package journal

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

var testTime = time.Date(2024, 2, 29, 12, 0, 0, 123456000, time.UTC)

const testIntegration = "11111111-1111-4111-8111-111111111111"

// deployEvent is a deploy as the emulator would record it: about the size of the documented request.
func deployEvent(id string) func(seq uint64) *event.Event {
	b := body(id)
	return func(seq uint64) *event.Event {
		return &event.Event{
			Kind: event.KindDeploy, At: testTime, Integration: testIntegration, HTTP: 202, Result: deploy.OK,
			Alias: "shopping_cart", Service: "shopping_cart", Ordinal: int(seq),
			Why: "The service shopping_cart exists, and the deploy is recorded for it.",
			Deploy: &deploy.Deploy{
				Service: "shopping_cart", Description: "Deployed " + id, DeployedAt: testTime, DeployedAtSent: "2024-02-29T12:00:00.123456Z",
				Environment: "Production", DedupID: id, DeployNumber: strconv.FormatUint(seq, 10), DeployNumberGenerated: true,
				DeployURL: "https://dev.azure.com/acme/shopping_cart/_build/results?buildId=1", Status: "success", DeployStatus: deploy.Success,
				Deployer: &deploy.Deployer{ID: "1", Email: "jane@example.com", Name: "Jane"},
				Commit:   &deploy.Commit{SHA: "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", Message: "Merge branch 'fix-tax-rate' into 'master'", Branch: "master", Date: &testTime},
			},
			Request: &event.Request{
				Method: "POST", Path: "/integrations/deploy/" + testIntegration,
				Headers: map[string][]string{"Content-Type": {"application/json"}, "User-Agent": {"curl/8.5.0"}},
				Body:    b, BodyLength: int64(len(b)),
			},
		}
	}
}

// body is a request of 700 bytes, a part of which id is.
func body(id string) string {
	return `{"dedup_id":"` + id + `","description":"` + padding[:672-len(id)] + `"}`
}

var padding = strings.Repeat("-", 1000)

func rejected(uint64) *event.Event {
	return &event.Event{Kind: event.KindDeploy, At: testTime, HTTP: 400, Result: deploy.Rejected, Request: &event.Request{Method: "POST", Path: "/x", Body: "{}"}}
}

func change(alias string) func(uint64) *event.Event {
	return func(uint64) *event.Event {
		return &event.Event{Kind: event.KindChange, At: testTime, Change: &event.Change{Alias: &event.AliasChange{Alias: alias, Service: "s"}}}
	}
}

func reset(uint64) *event.Event { return &event.Event{Kind: event.KindReset, At: testTime} }

func open(t testing.TB, o Options) *Journal {
	t.Helper()
	j, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func path(t testing.TB) string { return filepath.Join(t.TempDir(), "store.db") }

func add(t testing.TB, j *Journal, build func(uint64) *event.Event) *event.Event {
	t.Helper()
	e, err := j.Append(build)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func shut(t testing.TB, j *Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

// seqs are those of the whole events.
func seqs(j *Journal) (s []uint64) {
	j.Range(0, 0, false, func(e *event.Event) bool { s = append(s, e.Seq); return true })
	return s
}
