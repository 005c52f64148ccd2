package httpapi

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// oracleRequests are the requests behind the blocks of the Rails oracle, by their titles. The blocks about methods and
// paths belong to the routes.
var oracleRequests = func() map[string]liveRequest {
	const good = `"description":"d","deployed_at":"x"}`
	js := func(body string) liveRequest { return liveRequest{contentType: jsonCT, body: body} }
	return map[string]liveRequest{
		"ok json":                       js(`{"service":"a","description":"d","deployed_at":"2026-01-01 00:00:00"}`),
		"missing description":           js(`{"service":"a","deployed_at":"x"}`),
		`service ""`:                    js(`{"service":"",` + good),
		"service whitespace only":       js(`{"service":"  ",` + good),
		"service null":                  js(`{"service":null,` + good),
		"{}":                            js(`{}`),
		"empty body, json content type": js(``),
		"empty body, no content type":   {},
		"top-level array":               js(`[1]`),
		"top-level string":              js(`"a"`),
		"top-level null":                js(`null`),
		`service 0, description false, deployed_at 12 (numbers and false are "present")`: js(`{"service":0,"description":false,"deployed_at":12}`),
		`service ["a"] (non-empty array is present)`:                                     js(`{"service":["a"],` + good),
		"service [] , description {}":                                                    js(`{"service":[],"description":{},"deployed_at":"x"}`),
		"invalid json, no Accept":                                                        js(`{"service":`),
		"invalid json, Accept: application/json":                                         js(`{"service":`),
		"json text sent with curl -d default content type (form)":                        {contentType: formCT, body: `{"service":"a","description":"d","deployed_at":"2026"}`},
		"text/plain json":                                                                {contentType: "text/plain", body: `{"service":"a",` + good},
		"form with brackets":                                                             {contentType: formCT, body: "service=a&description=d&deployed_at=2026&deployer[email]=e"},
		"multipart form":                                                                 {contentType: "multipart/form-data; boundary=x", body: oracleMultipart},
		"json; charset=utf-8":                                                            {contentType: "application/json; charset=utf-8", body: `{"service":"a",` + good},
		"everything in the query string":                                                 {contentType: jsonCT, query: "service=q&description=d&deployed_at=2026"},
		"query string beats the body":                                                    {contentType: jsonCT, query: "service=query", body: `{"service":"body",` + good},
		"jenkins agent query param is ignored":                                           {contentType: jsonCT, query: "agent=jenkins-1.2.6", body: `{"service":"body",` + good},
		"invalid utf-8 byte in json":                                                     js("{\"service\":\"a\xff\"," + good),
		"duplicate key: last wins":                                                       js(`{"service":"a","service":"b",` + good),
		"NaN":                                                                            js(`{"service":NaN,` + good),
		"UTF-8 BOM":                                                                      js("\xef\xbb\xbf" + `{"service":"a",` + good),
		"application/vnd.api+json":                                                       {contentType: "application/vnd.api+json", body: `{"service":"a",` + good},
		"text/x-json":                                                                    {contentType: "text/x-json", body: `{"service":"a",` + good},
		"application/jsonrequest":                                                        {contentType: "application/jsonrequest", body: `{"service":"a",` + good},
		"body key uuid cannot override the path":                                         js(`{"uuid":"u","service":"a",` + good),
		"trailing comma":                                                                 js(`{"service":"a","description":"d","deployed_at":"x",}`),
		"javascript comments in json (ruby json accepts /* */)":                          js(`{/* c */"service":"a",` + good),
		"deep nesting 150":                                                               js(`{"a":` + strings.Repeat("[", 150) + strings.Repeat("]", 150) + `}`),
		"raw newline inside a string (bash-built json)":                                  js("{\"service\":\"a\nb\"," + good),
		"raw tab inside a string":                                                        js("{\"service\":\"a\tb\"," + good),
		"two documents":                                                                  js(`{"service":"a",` + good + `{"service":"b",` + good),
	}
}()

const oracleMultipart = "--x\r\nContent-Disposition: form-data; name=\"service\"\r\n\r\na\r\n" +
	"--x\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\nd\r\n" +
	"--x\r\nContent-Disposition: form-data; name=\"deployed_at\"\r\n\r\n2026\r\n" +
	"--x\r\nContent-Disposition: form-data; name=\"deployer[email]\"\r\n\r\ne\r\n--x--\r\n"

// oracleChosen are the blocks on which the emulator differs on purpose. Two differences run through all blocks: the
// oracle's Ruby adds "Did you mean?" to each detail, which OpsLevel's page does not show; and its application keeps any
// deployed_at, where the emulator refuses what no database would keep as a date.
var oracleChosen = map[string]string{
	`service ["a"] (non-empty array is present)`: "strong parameters permit scalars only: a list counts as absent",
}

// TestRailsOracle compares with what a Rails application of the documented shape answered.
func TestRailsOracle(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "oracles", "rails-6.1.7-params-require.txt"))
	if err != nil {
		t.Skip("the shared Rails oracle is not here: ../shared/oracles/rails-6.1.7-params-require.txt")
	}
	matched, listed, elsewhere := 0, 0, 0
	for _, block := range strings.Split("\n"+string(b), "\n--- ")[1:] {
		title, rest, _ := strings.Cut(block, "\n=> ")
		head, body, _ := strings.Cut(rest, "\n")
		r, known := oracleRequests[title]
		switch {
		case !known:
			elsewhere++
			t.Logf("not a matter of parameters: %s", title)
		case oracleChosen[title] != "":
			listed++
		default:
			matched++
			compareWithOracle(t, title, r, head[:3], body)
		}
	}
	t.Logf("%d blocks matched, %d listed as chosen differences, %d not about parameters", matched, listed, elsewhere)
}

func compareWithOracle(t *testing.T, title string, r liveRequest, status, body string) {
	d := decodeParams(r.contentType, r.query, r.body)
	var oracle struct {
		Errors []deploy.Problem
		Debug  struct{ Service, Description, Deployed_at string }
	}
	json.Unmarshal([]byte(strings.TrimSpace(body)), &oracle) // an HTML answer has no document
	if d.Problem != nil {
		if status != "400" || oracle.Errors != nil || d.Problem.Status != 400 {
			t.Errorf("%s: %+v, but the oracle says %s %s", title, d.Problem, status, body)
		}
		return
	}
	got, problems := deploy.Parse(d.Params, deploy.Rules{DeployerOptional: true})
	if n := len(problems); n > 0 && strings.HasPrefix(problems[n-1].Detail, "deployed_at is not a date") {
		problems = problems[:n-1]
	}
	switch {
	case status == "202" && problems == nil || status == "202" && len(problems) == 0:
		want := deploy.Deploy{Service: inspected(oracle.Debug.Service), Description: inspected(oracle.Debug.Description), DeployedAtSent: inspected(oracle.Debug.Deployed_at)}
		if got.Service != want.Service || got.Description != want.Description || got.DeployedAtSent != want.DeployedAtSent {
			t.Errorf("%s: %+v, want %+v", title, got, want)
		}
	case status == "400" && len(problems) > 0 && len(oracle.Errors) == 1:
		detail, _, _ := strings.Cut(oracle.Errors[0].Detail, "\n")
		if p := problems[0]; p.Title != oracle.Errors[0].Title || p.Detail != detail {
			t.Errorf("%s: %+v, want %+v", title, p, oracle.Errors[0])
		}
	default:
		t.Errorf("%s: %v, but the oracle says %s %s", title, problems, status, body)
	}
}

// inspected undoes Ruby's inspect for a text or a number.
func inspected(s string) string {
	var text string
	if json.Unmarshal([]byte(s), &text) == nil {
		return text
	}
	return s
}
