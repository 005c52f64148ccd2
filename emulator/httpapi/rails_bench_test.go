package httpapi

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// documentedBody is the example of the page "Custom Deploys".
const documentedBody = `{
"dedup_id": "9ae54794-dfc5-4ac8-b1b5-78789f20f3f8",
"service": "shopping_cart",
"deployer": {
"id": "1a9f841f-9a3d-4423-a05a-7e9c31a02b16",
"email": "michael@example.test",
"name": "Michael Scott"
},
"deployed_at": "2019-02-01 13:28:33",
"environment": "Production",
"description": "Deployed by CI Pipeline: Deploy #234",
"deploy_url": "https://heroku.deploys.com",
"deploy_number": "234",
"commit": {
"sha": "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5",
"message": "Merge branch 'fix-tax-rate' into 'master'",
"branch": "master",
"date": "2019-02-01 09:23:43",
"committer_name": "Michael Scott",
"committer_email": "michael@example.test",
"author_name": "Michael Scott",
"author_email": "michael@example.test",
"authoring_date": "2019-02-01 09:23:43"
}
}`

// BenchmarkDocumented gives the time to read the documented payload as a part of what json.Unmarshal into a map takes:
// to parameters, and on to a deploy. The medians are of interleaved rounds.
func BenchmarkDocumented(b *testing.B) {
	body := []byte(documentedBody)
	work := []func(){
		func() { var m map[string]any; _ = json.Unmarshal(body, &m) },
		func() { decodeParams(jsonCT, "", string(body)) },
		func() { deploy.Parse(decodeParams(jsonCT, "", string(body)).Params, deploy.Rules{}) },
	}
	const most = 101
	times := make([][]time.Duration, len(work))
	for b.Loop() {
		for i, f := range work {
			if len(times[i]) == most {
				f()
				continue
			}
			start := time.Now()
			for range 1000 {
				f()
			}
			times[i] = append(times[i], time.Since(start))
		}
	}
	median := func(i int) float64 {
		slices.Sort(times[i])
		return float64(times[i][len(times[i])/2])
	}
	b.ReportMetric(median(1)/median(0), "decode/unmarshal")
	b.ReportMetric(median(2)/median(0), "decode+parse/unmarshal")
	b.ReportMetric(median(1)/1000, "ns/decode")
}
