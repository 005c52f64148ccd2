package query_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// many are n things like those that a busy emulator holds: one in a hundred is of the service the benchmarks ask for.
func many(n int) []query.Fields {
	all := make([]query.Fields, n)
	for i := range all {
		s := *samples()[i%2]
		s.seq, s.alias, s.service = int64(i+1), fmt.Sprintf("service_%d", i%100), fmt.Sprintf("service_%d", i%100)
		s.at, s.deployedAt = "", ""
		s.body = `{"dedup_id":"` + fmt.Sprint(i) + `","service":"` + s.alias + `","deployer":{"email":"mscott@example.com","name":"Michael Scott"},` +
			`"deployed_at":"2019-02-01 13:28:33","environment":"Production","description":"Deployed by CI Pipeline: Deploy #234",` +
			`"deploy_url":"https://heroku.deploys.com","deploy_number":"234","commit":{"sha":"38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5",` +
			`"message":"Merge branch 'fix-tax-rate' into 'master'","branch":"master","date":"2019-02-01 09:23:43",` +
			`"committer_name":"Michael Scott","committer_email":"mscott@example.com","author_name":"Michael Scott"}}`
		all[i] = &s
	}
	return all
}

// BenchmarkMatch10000 matches 10,000 things, all fields present, with the kinds of query people type.
func BenchmarkMatch10000(b *testing.B) {
	things := many(10000)
	for _, s := range []string{
		"service:service_7", "service:service_7 environment:Production not:result:duplicate_deploy", "finding:silent", "sha:/^[0-9a-f]{40}$/",
		"branch:feature/*", "zebra", "shipping timeout", "body:nowhere", "message:~nowhere", "größe",
	} {
		b.Run(s, func(b *testing.B) {
			q := parse(b, s)
			b.ReportAllocs()
			for b.Loop() {
				for _, t := range things {
					q.Match(t, now)
				}
			}
		})
	}
}

// BenchmarkNearest counts over 10,000 things and compares the hundred nearest, as a failing verify does.
func BenchmarkNearest(b *testing.B) {
	things := many(10000)
	q := parse(b, "service:service_7 environment:production sha:38d02f1d7aab64678a7ad3eeb2ad2887ce7253f6")
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			for _, t := range things {
				q.Count(t, now)
			}
		}
	})
	b.Run("distance of 100", func(b *testing.B) {
		for b.Loop() {
			for _, t := range things[:100] {
				q.Distance(t, now)
			}
		}
	})
}

// TestParseIsBounded: no query of the length allowed takes long to read or to match, whoever wrote it.
func TestParseIsBounded(t *testing.T) {
	fill := func(s string) string { return strings.Repeat(s, query.MaxLength/len(s)) }
	thing := &sample{body: strings.Repeat("ab/ ", 16<<10), alias: strings.Repeat("a", 1000)}
	for _, s := range []string{
		fill("/a "), fill("/a/ "), fill("/a{999}/ "), fill("/(x+x+)+y/ "), "body:/" + fill("(")[:500] + "/", "body:/(?:" + fill("ab")[:490] + "){1000}/",
		`body:/(?:\pL|\pN){999}/`, "body:/(((a{10}){10}){10})b/", fill("a*"), "service:" + fill("a*")[:4000], fill("not:"), fill("-a "), fill("service:a,")[:4000],
		fill("has:sha "), fill(`"a" `), fill("é "), fill("a"), "body:" + fill("b*")[:4000] + "z",
	} {
		start := cpuTime()
		q, err := query.Parse(s)
		if err == nil {
			q.Match(thing, now)
			q.Distance(thing, now)
			_, _ = query.Parse(q.String())
		}
		query.Complete(s, seen)
		if took := cpuTime() - start; took > 2*time.Second {
			t.Errorf("%.40s… takes %v", s, took)
		} else if testing.Verbose() {
			t.Logf("%.40s… takes %v (%v)", s, took, err != nil)
		}
	}
}
