package finding

import (
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

func upstreamExamples() []example {
	relayed := func(u Upstream) func(*Case) { return func(c *Case) { u.Host = "app.opslevel.com"; c.Upstream = &u } }
	gone := answered(deploy.Problem{Status: 502, Title: "Bad Gateway"})
	moved := answered(deploy.Problem{Status: 301, Title: "Moved Permanently"})
	return []example{
		{"nobody listens", "upstream.no_answer", Silent, "", given(healthy, relayed(Upstream{Failure: "nobody listens at app.opslevel.com:443"}), gone)},
		{"timeout", "upstream.no_answer", Silent, "", given(healthy, relayed(Upstream{Failure: "no answer within 30s", Sent: true}), gone)},
		{"answered", "upstream.no_answer", "", "", given(healthy, relayed(Upstream{HTTP: 202}))},
		{"redirect", "upstream.strange_answer", Silent, "", given(healthy, relayed(Upstream{HTTP: 301, Strange: true}), moved)},
		{"a portal", "upstream.strange_answer", Silent, "", given(healthy, relayed(Upstream{HTTP: 200, Strange: true}), moved)},
		{"a 202", "upstream.strange_answer", "", "", given(healthy, relayed(Upstream{HTTP: 202}))},
		{"another result", "upstream.drift", Note, "", given(healthy, relayed(Upstream{HTTP: 202, Drift: []string{"result", "body"}}))},
		{"the same", "upstream.drift", "", "", given(healthy, relayed(Upstream{HTTP: 202}))},
		{"no real answer", "silent.rejected", "", "", given(healthy, relayed(Upstream{HTTP: 301, Strange: true}), moved)},
		{"no real answer", "wire.try_again", "", "", given(healthy, relayed(Upstream{Failure: "x"}), gone)},
	}
}

// TestDuplicateOfSomethingElsewhere: a real OpsLevel may know a dedup_id that never came through here.
func TestDuplicateOfSomethingElsewhere(t *testing.T) {
	c := given(healthy)
	c.Upstream, c.Outcome = &Upstream{Host: "app.opslevel.com", HTTP: 202}, deploy.Outcome{HTTP: 202, Result: deploy.Duplicate}
	x := find(Of(c), "silent.duplicate")
	if x == nil || !strings.Contains(x.Evidence, "not sent through this emulator") {
		t.Errorf("got %+v", x)
	}
}
