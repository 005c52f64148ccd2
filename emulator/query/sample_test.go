package query_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// now is when the samples are looked at.
var now = moment("2026-07-01T10:30:20Z")

func moment(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

// sample is a thing to query, shaped like an event.
type sample struct {
	seq, http, duplicateOf                              int64
	at                                                  string
	alias, service, environment, result, status, kind   string
	description, number, dedup, url, deployedAt         string
	deployerID, deployerEmail, deployerName             string
	sha, branch, message, author, authorEmail, commiter string
	why, title, detail, problem, method, path, body     string
	headers                                             [][2]string
	findings                                            [][2]string
}

func (s *sample) Number(f query.Field) (int64, bool) {
	n := map[query.Field]int64{query.Seq: s.seq, query.HTTP: s.http, query.DuplicateOf: s.duplicateOf}[f]
	return n, n != 0
}

func (s *sample) Time(f query.Field) (time.Time, bool) {
	v := map[query.Field]string{query.At: s.at, query.DeployedAt: s.deployedAt}[f]
	if v == "" {
		return time.Time{}, false
	}
	return moment(v), true
}

func (s *sample) Values(to []string, f query.Field) []string {
	switch f {
	case query.Service:
		return append(to, s.service, s.alias)
	case query.Alias:
		return append(to, s.alias)
	case query.Environment:
		return append(to, s.environment)
	case query.Result:
		return append(to, s.result)
	case query.Status:
		return append(to, s.status)
	case query.Kind:
		return append(to, s.kind)
	case query.Description:
		return append(to, s.description)
	case query.DeployNumber:
		return append(to, s.number)
	case query.Dedup:
		return append(to, s.dedup)
	case query.URL:
		return append(to, s.url)
	case query.Deployer:
		return append(to, s.deployerID, s.deployerEmail, s.deployerName)
	case query.DeployerEmail:
		return append(to, s.deployerEmail)
	case query.SHA:
		return append(to, s.sha)
	case query.Branch:
		return append(to, s.branch)
	case query.Message:
		return append(to, s.message)
	case query.Author:
		return append(to, s.author, s.authorEmail)
	case query.Committer:
		return append(to, s.commiter)
	case query.Why:
		return append(to, s.why)
	case query.Title:
		return append(to, s.title)
	case query.Detail:
		return append(to, s.detail)
	case query.Problem:
		return append(to, s.problem)
	case query.Method:
		return append(to, s.method)
	case query.Path:
		return append(to, s.path)
	case query.Body:
		return append(to, s.body)
	case query.Header:
		for _, h := range s.headers {
			to = append(to, h[0]+": "+h[1])
		}
	case query.Finding:
		for _, f := range s.findings {
			to = append(to, f[0], f[1])
		}
	default:
		name, _ := strings.CutPrefix(string(f), "header.")
		for _, h := range s.headers {
			if strings.EqualFold(h[0], name) {
				to = append(to, h[1])
			}
		}
	}
	return to
}

// samples are five events: a deploy as documented, an unknown alias, a duplicate, a rejected deploy, a strange call.
func samples() []*sample {
	return []*sample{
		{seq: 9, http: 202, at: "2026-07-01T10:30:00.25Z", kind: "deploy", alias: "cart", service: "shopping_cart", environment: "Production",
			result: "ok", description: "Deployed by CI", number: "234", dedup: "9ae54794", url: "https://ci.example.com/runs/7",
			deployedAt: "2019-02-01T13:28:33Z", deployerEmail: "mscott@example.com", deployerName: "Michael Scott",
			sha: "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", branch: "main", message: "Merge branch 'fix-tax-rate' into 'main'", author: "Michael Scott",
			why: "The alias \"cart\" belongs to the service \"shopping_cart\".", method: "POST", path: "/integrations/deploy/3f1c",
			headers: [][2]string{{"Content-Type", "application/json"}, {"User-Agent", "curl/8.5.0"}},
			body:    `{"dedup_id":"9ae54794","service":"cart","environment":"Production"}`},
		{seq: 10, http: 202, at: "2026-07-01T10:29:00Z", kind: "deploy", alias: "shopping-cart", environment: "production", result: "no_service_found",
			description: "Shipping timeout, fixed", number: "1", status: "FAILED", branch: "feature/tax", message: "TAX code", deployerName: "Ana",
			why: "OpsLevel records the deploy and suggests one.", method: "POST", path: "/integrations/deploy/3f1c",
			body:     `{"service":"shopping-cart","status":"FAILED"}`,
			findings: [][2]string{{"silent.unknown_alias", "silent"}, {"date.no_zone", "note"}}},
		{seq: 12, http: 202, at: "2026-07-01T09:00:00Z", kind: "deploy", alias: "shopping_cart", service: "shopping_cart", environment: "Production",
			result: "duplicate_deploy", duplicateOf: 9, dedup: "9ae54794", number: "250.5", status: "failure", sha: "38d02f1", method: "POST",
			path: "/integrations/deploy/3f1c?x=1", findings: [][2]string{{"silent.duplicate", "silent"}}},
		{seq: 17, http: 400, at: "2026-07-01T08:59:59.999Z", kind: "deploy", result: "rejected", title: "Deployed at Error",
			detail: "param is missing or the value is empty: deployed_at", problem: "deployed_at", method: "POST", path: "/integrations/deploy/3f1c",
			body: "foo:bar at 10:30, \"http:404\"\tü: Größe", findings: [][2]string{{"silent.rejected", "silent"}}},
		{seq: 21, http: 404, at: "2026-06-30T23:00:00Z", kind: "call", method: "GET", path: "/api/ping/x"},
	}
}

// hits are the seqs of the samples that answer q, as "9 10".
func hits(t testing.TB, q query.Query) string {
	t.Helper()
	var found []string
	for _, s := range samples() {
		if q.Match(s, now) {
			found = append(found, query.Of(s, query.Seq)[0].String()[len("seq:"):])
		}
	}
	return strings.Join(found, " ")
}

func parse(t testing.TB, s string) query.Query {
	t.Helper()
	q, err := query.Parse(s)
	if err != nil {
		t.Fatalf("%s: %v\n%s", s, err, err.(*query.Error).Mark())
	}
	return q
}
