package deploy

import (
	"strings"
	"testing"
)

// The answers of the page "Custom Deploys", byte for byte.
func TestDecide(t *testing.T) {
	d := Deploy{Service: "not_found_alias", DedupID: "id 1"}
	for _, test := range []struct {
		name   string
		deploy Deploy
		known  Known
		body   string
		want   Outcome // without Message and Why
	}{
		{"known service", d, Known{Service: "shop", Recorded: 3}, `{"result":"ok"}`, Outcome{HTTP: 202, Result: OK, Number: "4", Generated: true, Ordinal: 4}},
		{"own number", Deploy{Service: "shop", DeployNumber: "234"}, Known{Service: "shop"}, `{"result":"ok"}`, Outcome{HTTP: 202, Result: OK, Number: "234", Ordinal: 1}},
		{
			"unknown service", d, Known{},
			`{"result":"no_service_found","message":"No service found matching alias 'not_found_alias'. Recording 'not_found_alias' as a suggestion."}`,
			Outcome{HTTP: 202, Result: NoServiceFound, Number: "1", Generated: true, Ordinal: 1},
		},
		{
			"duplicate beats unknown service", d, Known{Duplicate: true, Recorded: 3},
			`{"result":"duplicate_deploy","message":"Deploy not created due to existing deploy with identical dedup_id"}`,
			Outcome{HTTP: 202, Result: Duplicate},
		},
		{
			"characters that Rails escapes", Deploy{Service: "<a&b>'\"\u2028"}, Known{},
			`{"result":"no_service_found","message":"No service found matching alias '\u003ca\u0026b\u003e'\"\u2028'. Recording '\u003ca\u0026b\u003e'\"\u2028' as a suggestion."}`,
			Outcome{HTTP: 202, Result: NoServiceFound, Number: "1", Generated: true, Ordinal: 1},
		},
	} {
		got := Decide(test.deploy, test.known)
		body := strings.ReplaceAll(test.body, `'"`, `'\"`)
		body = strings.ReplaceAll(body, "\u2028", `\u2028`)
		if string(got.Body()) != body {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got.Body(), body)
		}
		if got.Why == "" {
			t.Errorf("%s: no reason given", test.name)
		}
		got.Message, got.Why = "", ""
		if got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

func TestProblemTitles(t *testing.T) {
	for _, test := range []struct {
		problem Problem
		want    string
	}{
		{Missing("deployed_at"), `{"errors":[{"status":400,"title":"Deployed at Error","detail":"param is missing or the value is empty: deployed_at"}]}`},
		{Missing("description"), `{"errors":[{"status":400,"title":"Description Error","detail":"param is missing or the value is empty: description"}]}`},
		{Missing("service"), `{"errors":[{"status":400,"title":"Service Error","detail":"param is missing or the value is empty: service"}]}`},
		{Missing("deployer"), `{"errors":[{"status":400,"title":"Deployer Error","detail":"param is missing or the value is empty: deployer"}]}`},
		{Problem{Status: 503, Title: "Service Unavailable"}, `{"errors":[{"status":503,"title":"Service Unavailable"}]}`},
	} {
		if got := string(test.problem.Body()); got != test.want {
			t.Errorf("got %s\nwant %s", got, test.want)
		}
	}
	if got := humanize(""); got != "" {
		t.Errorf("humanize of nothing: %q", got)
	}
}

func TestNormalStatus(t *testing.T) {
	for raw, want := range map[string]Status{
		"": "", "queued": Queued, "running": Running, "canceled": Canceled, "failure": Failure, "success": Success,
		"succeeded": NoStatus, "Success": NoStatus, "success ": NoStatus, "cancelled": NoStatus, "no_status": NoStatus,
	} {
		if got := NormalStatus(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}
