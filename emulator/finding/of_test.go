package finding

import (
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// example is a request that raises a finding (want), or one that must not (want empty).
type example struct {
	name  string
	id    string
	want  Severity
	field string
	c     *Case
}

func TestEachFindingIsRaisedAndSpared(t *testing.T) {
	raised, spared := map[string]bool{}, map[string]bool{}
	for _, e := range examples() {
		t.Run(e.id+" "+e.name, func(t *testing.T) {
			f := Of(e.c)
			sane(t, f)
			x := find(f, e.id)
			switch {
			case x == nil && e.want != "":
				t.Fatalf("not raised; got %s", ids(f))
			case x != nil && x.Severity != e.want:
				t.Fatalf("severity is %q, want %q: %s", x.Severity, e.want, x.Evidence)
			case x != nil && e.field != "" && x.Field != e.field:
				t.Errorf("field is %q, want %q", x.Field, e.field)
			}
		})
		if e.want != "" {
			raised[e.id] = true
		} else {
			spared[e.id] = true
		}
	}
	for _, d := range All() {
		if d.ID == "silent.nothing_sent" || d.ID == "silent.not_retried" {
			continue // raised at the end of a run, not by a request
		}
		if !raised[d.ID] || !spared[d.ID] {
			t.Errorf("%s: raised by an example: %v, spared by one: %v", d.ID, raised[d.ID], spared[d.ID])
		}
	}
}

func examples() []example {
	var all []example
	for _, list := range [][]example{lostExamples(), duplicateExamples(), wireExamples(), fieldExamples(), valueExamples(), dateExamples(), upstreamExamples()} {
		all = append(all, list...)
	}
	return all
}

func TestHealthyDeploySaysNothing(t *testing.T) {
	if f := Of(given(healthy)); f != nil {
		t.Errorf("got %v", f)
	}
}

func TestDocumentedRequestIsBelowWarning(t *testing.T) {
	f := Of(given(documented))
	sane(t, f)
	if Worst(f) != Note {
		t.Errorf("got %s", ids(f))
	}
}

// documented is the request of OpsLevel's page "Custom Deploys".
const documented = `{
"dedup_id": "9ae54794-dfc5-4ac8-b1b5-78789f20f3f8",
"service": "shopping_cart",
"deployer": {
"id": "1a9f841f-9a3d-4423-a05a-7e9c31a02b16",
"email": "[email protected]",
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
"committer_email": "[email protected]",
"author_name": "Michael Scott",
"author_email": "[email protected]",
"authoring_date": "2019-02-01 09:23:43"
}
}`

func lostExamples() []example {
	typo := with(healthy, `{"service":"shoping_cart"}`)
	noCatalog := func(c *Case) { c.CatalogGiven = false }
	standing := func(s Standing) func(*Case) { return func(c *Case) { c.Standing = s } }
	jenkins := func(c *Case) { c.Integration.Type = "jenkins" }
	noDeployer := with(healthy, `{"deployer":null}`)
	return []example{
		{"typo", "silent.unknown_alias", Silent, "service", given(typo, near("shopping_cart"))},
		{"known", "silent.unknown_alias", "", "", given(healthy)},
		{"no catalog", "silent.unknown_alias", "", "", given(typo, noCatalog)},
		{"no catalog", "alias.not_checked", Note, "service", given(typo, noCatalog)},
		{"catalog", "alias.not_checked", "", "", given(typo)},
		{"capitals", "alias.case", Warning, "", given(with(healthy, `{"service":"Shopping_Cart"}`), near("shopping_cart"))},
		{"dashes", "alias.case", Warning, "", given(with(healthy, `{"service":"shopping-cart"}`), near("shopping_cart"))},
		{"line break", "alias.case", Warning, "", given(with(healthy, `{"service":"shopping_cart\n"}`), near("shopping_cart"))},
		{"typo", "alias.case", "", "", given(typo, near("shopping_cart"))},
		{"no catalog", "alias.case", "", "", given(with(healthy, `{"service":"Shopping_Cart"}`), near("shopping_cart"), noCatalog)},

		{"no description", "silent.rejected", Silent, "description", given(with(healthy, `{"description":null}`))},
		{"bad date", "silent.rejected", Silent, "deployed_at", given(with(healthy, `{"deployed_at":"soon"}`))},
		{"epoch", "silent.rejected", Silent, "deployed_at", given(with(healthy, `{"deployed_at":1772366400}`))},
		{"no deployer", "silent.rejected", Silent, "deployer", given(noDeployer)},
		{"too large", "silent.rejected", Silent, "", given(healthy, answered(deploy.Problem{Status: 413, Title: "Payload Too Large"}))},
		{"accepted", "silent.rejected", "", "", given(healthy)},
		{"retriable", "silent.rejected", "", "", given(healthy, answered(deploy.Problem{Status: 503}))},
		{"503", "wire.try_again", Note, "", given(healthy, answered(deploy.Problem{Status: 503, Title: "Service Unavailable"}))},
		{"429", "wire.try_again", Note, "", given(healthy, answered(deploy.Problem{Status: 429}))},
		{"400", "wire.try_again", "", "", given(noDeployer)},

		{"never known", "silent.unknown_integration", Silent, "", given(healthy, standing(Unknown))},
		{"live", "silent.unknown_integration", "", "", given(healthy)},
		{"retired", "silent.unknown_integration", "", "", given(healthy, standing(Retired))},
		{"retired", "silent.retired_integration", Silent, "", given(healthy, standing(Retired))},
		{"never known", "silent.retired_integration", "", "", given(healthy, standing(Unknown))},

		{"curl", "deployer.lenient", Warning, "deployer", given(noDeployer, jenkins, agent("curl/8"))},
		{"the plugin", "deployer.lenient", Note, "", given(noDeployer, jenkins, agent("okhttp/4.9.3"))},
		{"a deployer", "deployer.lenient", "", "", given(healthy, jenkins)},
		{"refused", "deployer.lenient", "", "", given(noDeployer)},

		{"blank service", "sender.broken_yaml", Silent, "service", given(`{"service":"","deployer":{"email":"automation@opslevel.com"},"deployed_at":"2026-03-01T12:00:00Z","description":"Event Created by OpsLevel CLI","commit":{}}`)},
		{"blank service in a checkout", "sender.broken_yaml", Silent, "service", given(`{"service":"","deployer":{"email":"automation@opslevel.com"},"deployed_at":"2026-03-01T12:00:00Z","description":"Event Created by OpsLevel CLI","commit":{"sha":"06244d551462830d77613dbc2e356e1e31642bc4","message":"m\n"}}`)},
		{"blank service with a branch", "sender.broken_yaml", "", "", given(`{"service":"","deployer":{"email":"automation@opslevel.com"},"deployed_at":"2026-03-01T12:00:00Z","description":"Event Created by OpsLevel CLI","commit":{"sha":"06244d551462830d77613dbc2e356e1e31642bc4","branch":"main"}}`)},
		{"quotes in the sha", "sender.broken_yaml", Silent, "commit.sha", given(with(healthy, `{"commit":{"sha":"\\\"deadbeef\\\""}}`))},
		{"quotes round the environment", "sender.broken_yaml", Silent, "environment", given(with(healthy, `{"environment":"\"Production\""}`))},
		{"minimal CLI", "sender.broken_yaml", "", "", given(`{"service":"shopping_cart","deployer":{"email":"automation@opslevel.com"},"deployed_at":"2026-03-01T12:00:00Z","description":"Event Created by OpsLevel CLI","commit":{}}`)},
		{"quotes in texts", "sender.broken_yaml", "", "", given(with(healthy, `{"description":"\"quoted\"","commit":{"message":"\"quoted\""}}`))},
	}
}

func duplicateExamples() []example {
	repeats := func(n int) func(*Case) { return func(c *Case) { c.Repeats = n } }
	gone := func(c *Case) { c.Original = &Prior{Seq: 3} }
	forgotten := func(c *Case) { c.Forgotten = true }
	bare := `{"commit":null,"deploy_number":null}`
	return []example{
		{"next environment", "silent.duplicate", Silent, "dedup_id", given(healthy, original(`{"environment":"staging"}`))},
		{"next service", "silent.duplicate", Silent, "", given(healthy, func(c *Case) {
			c.Original = prior(14, with(healthy, `{"service":"checkout"}`))
			c.Original.Service = "checkout"
		})},
		{"next commit", "silent.duplicate", Silent, "", given(healthy, original(`{"commit":{"sha":"0123456789012345678901234567890123456789"}}`))},
		{"next number", "silent.duplicate", Silent, "", given(healthy, original(`{"deploy_number":"233"}`))},
		{"rollback", "silent.duplicate", Silent, "", given(with(healthy, `{"deployed_at":"2026-03-01T12:30:00Z"}`),
			original(`{}`), previous(20, `{"commit":{"sha":"0123456789012345678901234567890123456789"}}`))},
		{"another text", "silent.duplicate", Silent, "", given(with(healthy, bare), original(`{"commit":null,"deploy_number":null,"description":"Other"}`))},
		{"constant id", "silent.duplicate", Silent, "", given(with(healthy, `{"dedup_id":"deploy","deployed_at":"2026-03-01T11:59:00Z"}`), original(`{"dedup_id":"deploy"}`))},
		{"original gone", "silent.duplicate", Silent, "", given(healthy, gone)},
		{"real OpsLevel", "silent.duplicate", Silent, "", given(healthy, repeats(1))},
		{"retry", "silent.duplicate", "", "", given(healthy, original(`{}`))},
		{"retry of a minimal one", "silent.duplicate", "", "", given(with(healthy, bare), original(bare))},
		{"short sha", "silent.duplicate", "", "", given(with(healthy, `{"commit":{"sha":"38d02f1"}}`), original(`{}`))},
		{"other alias of the service", "silent.duplicate", "", "", given(with(healthy, `{"service":"cart"}`), original(`{}`))},
		{"late retry", "silent.duplicate", "", "", given(healthy, original(`{}`), previous(20, `{"commit":{"sha":"0123456789012345678901234567890123456789"}}`))},
		{"new status", "silent.duplicate", "", "", given(healthy, original(`{"status":"running"}`))},

		{"new status", "silent.status_lost", Silent, "status", given(healthy, original(`{"status":"running"}`))},
		{"first status", "silent.status_lost", Silent, "", given(healthy, original(`{"status":null}`))},
		{"only the status", "silent.status_lost", Silent, "", given(with(healthy, `{"commit":null,"deploy_number":null,"environment":null}`), original(`{"status":"running"}`))},
		{"no status", "silent.status_lost", "", "", given(with(healthy, `{"status":null}`), original(`{"status":"running"}`))},
		{"retry", "silent.status_lost", "", "", given(healthy, original(`{}`))},

		{"same", "sender.retry", Note, "", given(healthy, original(`{}`))},
		{"new deployed_at", "sender.retry", Note, "", given(healthy, original(`{"deployed_at":"2026-03-01T11:59:00Z"}`))},
		{"number made by OpsLevel", "sender.retry", Note, "", given(with(healthy, `{"deploy_number":null}`), original(`{"deploy_number":null}`), func(c *Case) {
			c.Original.Deploy.DeployNumber, c.Original.Deploy.DeployNumberGenerated = "3", true
		})},
		{"another environment", "sender.retry", "", "", given(healthy, original(`{"environment":"staging"}`))},

		{"came back", "dedup.constant", Warning, "dedup_id", given(healthy, original(`{"deploy_number":"233"}`), repeats(4))},
		{"job name", "dedup.constant", Warning, "", given(with(healthy, `{"dedup_id":"deploy-production"}`))},
		{"service and environment", "dedup.constant", Warning, "", given(with(healthy, `{"dedup_id":"shopping_cart-Production"}`))},
		{"null", "dedup.constant", Warning, "", given(with(healthy, `{"dedup_id":"null"}`))},
		{"again and again", "dedup.constant", Warning, "", given(healthy, original(`{"deployed_at":"2026-02-01T11:59:00Z"}`), repeats(1))},
		{"a late retry", "dedup.constant", "", "", given(healthy, original(`{"deployed_at":"2026-02-01T11:59:00Z"}`))},
		{"next environment", "dedup.constant", "", "", given(healthy, original(`{"environment":"staging"}`))},
		{"letters", "dedup.constant", "", "", given(with(healthy, `{"dedup_id":"gentle-river-moon"}`))},

		{"sha", "dedup.narrow", Note, "", given(with(healthy, `{"dedup_id":"38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5"}`))},
		{"number", "dedup.narrow", Note, "", given(with(healthy, `{"dedup_id":"234"}`))},
		{"own id", "dedup.narrow", "", "", given(healthy)},

		{"twice", "dedup.missing", Warning, "", given(with(healthy, `{"dedup_id":null}`), previous(3, `{"dedup_id":null}`))},
		{"another time", "dedup.missing", "", "", given(with(healthy, `{"dedup_id":null}`), previous(3, `{"dedup_id":null,"deployed_at":"2026-03-01T11:00:00Z"}`))},
		{"another id", "dedup.missing", "", "", given(healthy, previous(3, `{"dedup_id":"other"}`))},
		{"a new id for another try", "silent.deployed_twice", Silent, "dedup_id", given(healthy, previous(3, `{"dedup_id":"other"}`), spoiled(time.Second))},
		{"a new time too", "silent.deployed_twice", Silent, "", given(healthy, previous(3, `{"dedup_id":"other","deployed_at":"2026-03-01T11:00:00Z"}`), spoiled(time.Second))},
		{"no id at all", "silent.deployed_twice", Silent, "", given(with(healthy, `{"dedup_id":null}`), previous(3, `{"dedup_id":null}`), spoiled(time.Second))},
		{"no id is not said twice", "dedup.missing", "", "", given(with(healthy, `{"dedup_id":null}`), previous(3, `{"dedup_id":null}`), spoiled(time.Second))},
		{"no fault before it", "silent.deployed_twice", "", "", given(healthy, previous(3, `{"dedup_id":"other"}`))},
		{"another commit", "silent.deployed_twice", "", "", given(healthy, previous(3, `{"dedup_id":"other","commit":{"sha":"1111111111111111111111111111111111111111"}}`), spoiled(time.Second))},
		{"another run, later", "silent.deployed_twice", "", "", given(healthy, previous(3, `{"dedup_id":"other"}`), spoiled(time.Hour))},

		{"keep-ids", "dedup.forgotten", Note, "", given(healthy, forgotten)},
		{"no id", "dedup.forgotten", "", "", given(with(healthy, `{"dedup_id":null}`), forgotten)},

		{"rollback", "number.regressed", Note, "deploy_number", given(healthy, previous(3, `{"deploy_number":"240"}`))},
		{"lost zero", "number.regressed", Warning, "", given(with(healthy, `{"deploy_number":"1.1"}`), previous(3, `{"deploy_number":"1.9"}`))},
		{"grows", "number.regressed", "", "", given(healthy, previous(3, `{"deploy_number":"233"}`))},
		{"not numbers", "number.regressed", "", "", given(with(healthy, `{"deploy_number":"a1"}`), previous(3, `{"deploy_number":"b1"}`))},
		{"1.10 after 1.9", "number.regressed", "", "", given(with(healthy, `{"deploy_number":"1.10"}`), previous(3, `{"deploy_number":"1.9"}`))},
	}
}
