package httpapi

import (
	"encoding/json"
	"testing"
)

const documented = `{
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

func BenchmarkDecode(b *testing.B) {
	body := []byte(documented)
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			decodeParams("application/json", "", body)
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var m map[string]any
			json.Unmarshal(body, &m)
		}
	})
}
