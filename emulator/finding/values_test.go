package finding

import (
	"fmt"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

func thousands() string {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, `"zz%d":1,`, i)
	}
	return "{" + b.String() + healthy[1:]
}

func wireExamples() []example {
	latin1 := func(c *Case) { c.Wire.InvalidUTF8, c.Params = true, nil }
	referer := func(c *Case) { c.Wire.Referer = "http://app.opslevel.test/integrations/deploy/x" }
	contentType := func(c *Case) { c.Wire.ContentType = "application/json" }
	return []example{
		{"trailing slashes", "silent.wrong_path", Silent, "", given(healthy, path("/integrations/deploy/"))},
		{"two slashes", "silent.wrong_path", Silent, "", given(healthy, path("//integrations/deploy/"+testUUID))},
		{"twice", "silent.wrong_path", Silent, "", given(healthy, path(deployPath+testUUID+deployPath+testUUID))},
		{"another path", "silent.wrong_path", Silent, "", given(healthy, path("/webhook"))},
		{"slash at the end", "silent.wrong_path", "", "", given(healthy, path(deployPath+testUUID+"/"))},
		{"through a proxy", "silent.wrong_path", "", "", given(healthy, path("http://app.opslevel.com"+deployPath+testUUID))},
		{"no deploy", "silent.wrong_path", "", "", given(`{"a":1}`, path("/webhook"))},
		{"a check", "silent.wrong_path", "", "", given(healthy, path("/integrations/check/"+testUUID))},
		{"graphql", "wire.not_emulated", Warning, "", given(`{"query":"{account{id}}"}`, path("/graphql"))},
		{"custom event", "wire.not_emulated", Warning, "", given(`{}`, path("/integrations/custom_event/"+testUUID))},
		{"ping", "wire.not_emulated", "", "", given("", path("/api/ping"), method("GET"), empty)},
		{"favicon", "wire.not_emulated", "", "", given("", path("/favicon.ico"), method("GET"), empty)},

		{"Go after a 301", "wire.redirect", Silent, "", given("", method("GET"), empty, referer)},
		{"curl after a 301", "wire.redirect", Silent, "", given("", method("GET"), empty, contentType)},
		{"Jenkins after a 301", "wire.redirect", Silent, "", given("", method("GET"), empty, agent("okhttp/4.9.3"))},
		{"curl -X POST after a 301", "wire.redirect", Warning, "", given("{}", empty, contentType)},
		{"browser", "wire.redirect", "", "", given("", method("GET"), empty, agent("Mozilla/5.0"))},
		{"all in the query", "wire.redirect", "", "", given(healthy, func(c *Case) { c.Wire.Path += "?service=shopping_cart" })},
		{"PUT", "wire.method", Silent, "", given(healthy, method("PUT"))},
		{"GET with fields", "wire.method", Silent, "", given("", method("GET"), empty, path(deployPath+testUUID+"?service=a"))},
		{"browser", "wire.method", Warning, "", given("", method("GET"), empty)},
		{"HEAD", "wire.method", Note, "", given("", method("HEAD"), empty)},
		{"POST", "wire.method", "", "", given(healthy)},

		{"curl -d", "body.form_encoded_json", Warning, "", given(healthy, kind(Form, "application/x-www-form-urlencoded"), agent("curl/8"))},
		{"real form", "body.form_encoded_json", "", "", given(healthy, kind(Form, "application/x-www-form-urlencoded"), func(c *Case) { c.Wire.LooksLikeJSON = false })},
		{"JSON", "body.form_encoded_json", "", "", given(healthy)},
		{"fetch", "body.text_plain_json", Warning, "", given(healthy, kind(Other, "text/plain;charset=UTF-8"))},
		{"no type", "body.text_plain_json", Warning, "", given(healthy, kind(Other, ""))},
		{"charset", "body.text_plain_json", "", "", given(healthy, kind(JSON, "application/json; charset=utf-8"))},
		{"Latin-1", "body.not_utf8", Warning, "", given(healthy, latin1)},
		{"UTF-8", "body.not_utf8", "", "", given(with(healthy, `{"description":"Zoë 🚀"}`))},
		{"no boundary in it", "body.broken_multipart", Warning, "", given(`{}`, kind(Multipart, "multipart/form-data; boundary=x"), func(c *Case) { c.Wire.Ignored = "the multipart body cannot be read: its boundary is not in it" })},
		{"a whole one", "body.broken_multipart", "", "", given(healthy, kind(Multipart, "multipart/form-data; boundary=x"))},
		{"quote", "body.broken_json", Warning, "", given(`{"description": "a "quote""}`)},
		{"single quotes", "body.broken_json", Warning, "", given(`{'service': 'a'}`)},
		{"Latin-1", "body.broken_json", "", "", given(healthy, latin1)},
		{"well-formed", "body.broken_json", "", "", given(`{}`)},
		{"too large", "body.broken_json", "", "", given(healthy, func(c *Case) {
			c.Params, c.Problems = nil, deploy.Problems{{Status: 413}}
		})},
	}
}

func fieldExamples() []example {
	return []example{
		{"camel case", "field.unknown", Warning, "deployUrl", given(with(healthy, `{"deployUrl":"https://ci.test"}`))},
		{"dashes", "field.unknown", Warning, "dedup-id", given(with(healthy, `{"dedup_id":null,"dedup-id":"1"}`))},
		{"letter", "field.unknown", Silent, "enviroment", given(with(healthy, `{"environment":null,"enviroment":"Production"}`))},
		{"env", "field.unknown", Silent, "env", given(with(healthy, `{"environment":null,"env":"Production"}`))},
		{"an object called env", "field.unknown", Warning, "env", given(with(healthy, `{"environment":null,"env":{"CI":"true"}}`))},
		{"thousands", "field.unknown", Note, "", given(thousands())},
		{"in the commit", "field.unknown", Warning, "commit.authorName", given(with(healthy, `{"commit":{"author_name":null,"authorName":"M"}}`))},
		{"both spellings", "field.unknown", Note, "deployNumber", given(with(healthy, `{"deployNumber":"1"}`))},
		{"something else", "field.unknown", Note, "", given(with(healthy, `{"team":"a","region":"b"}`))},
		{"all known", "field.unknown", "", "", given(healthy)},
		{"of Rails", "field.unknown", "", "", given(with(healthy, `{"agent":"jenkins-1.2.6"}`))},

		{"sha at the top", "field.misplaced", Warning, "sha", given(with(healthy, `{"commit":null,"sha":"38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5"}`))},
		{"commit_sha", "field.misplaced", Warning, "commit_sha", given(with(healthy, `{"commit":null,"commit_sha":"38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5"}`))},
		{"e-mail at the top", "field.misplaced", Warning, "email", given(with(healthy, `{"deployer":null,"email":"m@example.test"}`))},
		{"environment in the commit", "field.misplaced", Silent, "commit.environment", given(with(healthy, `{"environment":null,"commit":{"environment":"Production"}}`))},
		{"a name", "field.misplaced", Note, "name", given(with(healthy, `{"name":"M","deployer":{"name":null}}`))},
		{"query", "field.misplaced", Warning, "service", given(healthy, func(c *Case) { c.Wire.Path += "?agent=x&service=cart" })},
		{"agent in the query", "field.misplaced", "", "", given(healthy, func(c *Case) { c.Wire.Path += "?agent=jenkins-1.2.6" })},
		{"all in place", "field.misplaced", "", "", given(healthy)},
		{"an id", "field.misplaced", "", "", given(with(healthy, `{"id":"1"}`))},

		{"list", "field.wrong_type", Silent, "environment", given(with(healthy, `{"environment":["Production"]}`))},
		{"list of numbers", "field.wrong_type", Warning, "deploy_number", given(with(healthy, `{"deploy_number":["1"]}`))},
		{"object", "field.wrong_type", Warning, "commit.sha", given(with(healthy, `{"commit":{"sha":{"a":1}}}`))},
		{"text for an object", "field.wrong_type", Warning, "commit", given(with(healthy, `{"commit":"38d02f1"}`))},
		{"text for the deployer", "field.wrong_type", Warning, "deployer", given(with(healthy, `{"deployer":"Michael"}`))},
		{"integer", "field.wrong_type", Note, "deploy_number", given(with(healthy, `{"deploy_number":234}`))},
		{"fraction", "field.wrong_type", Warning, "deploy_number", given(with(healthy, `{"deploy_number":1.10}`))},
		{"true", "field.wrong_type", Note, "status", given(with(healthy, `{"status":true}`))},
		{"list of deploys", "field.wrong_type", Warning, "", given(`[` + healthy + `]`)},
		{"JSON twice", "field.wrong_type", Warning, "", given(`"{\"service\":\"a\"}"`)},
		{"blank", "field.wrong_type", "", "", given(`{"service":"shopping_cart","description":"d","deployed_at":"2026-03-01T12:00:00Z","environment":null,"commit":{},"dedup_id":[],"deployer":{"name":"m","id":null}}`)},

		{"shell", "field.placeholder", Silent, "environment", given(with(healthy, `{"environment":"${ENVIRONMENT}"}`))},
		{"part of the id", "field.placeholder", Silent, "dedup_id", given(with(healthy, `{"dedup_id":"$BUILD_ID-production"}`))},
		{"Octopus", "field.placeholder", Silent, "service", given(with(healthy, `{"service":"#{Octopus.Project.Name}"}`))},
		{"lower case", "field.placeholder", Silent, "environment", given(with(healthy, `{"environment":"$target"}`))},
		{"PowerShell", "field.placeholder", Silent, "dedup_id", given(with(healthy, `{"dedup_id":"run-$env:BUILD_ID"}`))},
		{"mustache", "field.placeholder", Warning, "deployer.name", given(with(healthy, `{"deployer":{"name":"{{ .Author }}"}}`))},
		{"null", "field.placeholder", Warning, "dedup_id", given(with(healthy, `{"dedup_id":"null"}`))},
		{"Windows", "field.placeholder", Warning, "deploy_number", given(with(healthy, `{"deploy_number":"%BUILD_NUMBER%"}`))},
		{"in a message", "field.placeholder", "", "", given(with(healthy, `{"description":"Use ${HOME} and {{ x }}","commit":{"message":"$(date)"},"deploy_url":"https://ci.test/{{x}}"}`))},
		{"price", "field.placeholder", "", "", given(with(healthy, `{"deployer":{"name":"Ke$ha $5"}}`))},

		{"line break", "field.whitespace", Warning, "environment", given(with(healthy, `{"environment":"Production\r\n"}`))},
		{"alias without catalog", "field.whitespace", Warning, "service", given(with(healthy, `{"service":"x "}`))},
		{"alias.case says it", "field.whitespace", "", "", given(with(healthy, `{"service":"shopping_cart\n"}`), near("shopping_cart"))},
		{"message", "field.whitespace", "", "", given(with(healthy, `{"description":"d\n","commit":{"message":"m\n"}}`))},
	}
}

func valueExamples() []example {
	sha := func(s string) *Case { return given(with(healthy, `{"commit":{"sha":"`+s+`"}}`)) }
	status := func(s string) *Case { return given(with(healthy, `{"status":"`+s+`"}`)) }
	return []example{
		{"branch", "sha.malformed", Warning, "commit.sha", sha("refs/heads/main")},
		{"zeros", "sha.malformed", Warning, "", sha("0000000000000000000000000000000000000000")},
		{"short", "sha.malformed", Note, "", sha("38d02f1")},
		{"41 digits", "sha.malformed", Warning, "", sha("38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5a")},
		{"SHA-1", "sha.malformed", "", "", given(healthy)},
		{"SHA-256", "sha.malformed", "", "", sha("38d02f1d7aab64678a7ad3eeb2ad2887ce7253f538d02f1d7aab64678a7ad3ee")},
		{"quotes are said already", "sha.malformed", "", "", sha(`\"deadbeef\"`)},

		{"succeeded", "status.unknown", Warning, "status", status("succeeded")},
		{"capitals", "status.unknown", Warning, "", status("Success")},
		{"far away", "status.unknown", Warning, "", status("blue")},
		{"known", "status.unknown", "", "", status("canceled")},
		{"none", "status.unknown", "", "", given(with(healthy, `{"status":null}`))},

		{"lower case", "environment.case", Warning, "environment", given(with(healthy, `{"environment":"production"}`), environments("staging", "Production"))},
		{"short form", "environment.case", Note, "", given(with(healthy, `{"environment":"prod"}`), environments("Production"))},
		{"the first stands", "environment.case", "", "", given(healthy, environments("Production", "production"))},
		{"others", "environment.case", "", "", given(healthy, environments("staging", "Production-EU"))},
	}
}

func dateExamples() []example {
	at := func(s string) *Case { return given(with(healthy, `{"deployed_at":"`+s+`"}`)) }
	commit := func(s string) *Case { return given(with(healthy, `{"commit":{"date":"`+s+`"}}`)) }
	clockless := func(c *Case) { c.Now = time.Time{} }
	return []example{
		{"naive", "date.no_zone", Note, "deployed_at", at("2026-03-01 11:58:00")},
		{"local time behind", "date.no_zone", Warning, "", at("2026-03-01 07:00:10")},
		{"local time ahead", "date.no_zone", Warning, "", at("2026-03-01T13:59:50")},
		{"commit", "date.no_zone", Note, "commit.date", commit("2026-03-01 07:00:00")},
		{"Z", "date.no_zone", "", "", given(healthy)},
		{"offset", "date.no_zone", "", "", at("2026-03-01T13:00:00+01:00")},
		{"Go", "date.no_zone", "", "", at("2026-03-01 12:00:00 +0000 UTC")},

		{"name of a place", "date.zone_ignored", Warning, "deployed_at", at("2026-03-01 12:00:00 America/New_York")},
		{"known abbreviation", "date.zone_ignored", "", "", at("2026-03-01 07:00:00 EST")},
		{"day or month", "date.ambiguous", Warning, "", at("01/02/2026")},
		{"ISO", "date.ambiguous", "", "", at("2026-02-01")},
		{"30 February", "date.rolled_over", Warning, "", at("2026-02-30 12:00:00Z")},
		{"in UTC", "date.rolled_over", Warning, "", at("2026-02-30T12:00:00Z")},
		{"29 February of a leap year", "date.rolled_over", "", "", commit("2024-02-29T12:00:00Z")},
		{"month", "date.partial", Warning, "", at("Feb 2026")},
		{"day", "date.partial", "", "", at("2026-02-28")},
		{"yesterday", "date.unreadable", Warning, "commit.date", commit("yesterday")},
		{"Segment's zero", "date.unreadable", "", "", commit("0001-01-01T00:00:00Z")},
		{"refused instead", "date.unreadable", "", "", at("yesterday")},

		{"Berlin with a Z", "date.future", Warning, "", at("2026-03-01T13:00:00Z")},
		{"no zone says it", "date.future", "", "", at("2026-03-01T14:00:00")},
		{"skewed clock", "date.future", "", "", at("2026-03-01T12:04:00Z")},
		{"no clock", "date.future", "", "", given(with(healthy, `{"deployed_at":"2027-03-01T13:00:00Z"}`), clockless)},
		{"year 1", "date.past", Warning, "", at("0001-01-01T00:00:00Z")},
		{"copied", "date.past", Note, "", at("2019-02-01T13:28:33Z")},
		{"yesterday", "date.past", "", "", at("2026-02-28T12:00:00Z")},
	}
}
