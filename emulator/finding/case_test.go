package finding

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

const testUUID = "9ae54794-dfc5-4ac8-b1b5-78789f20f3f8"

var testNow = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// healthy is an ordinary deploy; tests change a field or two of it.
const healthy = `{"service":"shopping_cart","description":"Deploy","deployed_at":"2026-03-01T12:00:00.123456789Z",
	"environment":"Production","deploy_number":"234","dedup_id":"run-234-Production","status":"success",
	"deployer":{"email":"m@example.test","name":"M"},
	"commit":{"sha":"38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5","message":"Fix\n","branch":"main","date":"2026-03-01T10:00:00-08:00",
	"committer_name":"M","committer_email":"m@example.test","author_name":"M","author_email":"m@example.test","authoring_date":"2026-03-01T10:00:00Z"}}`

// with is a JSON object with other values for some keys; a null takes a key away, an object is merged.
func with(object, changes string) string {
	b, err := json.Marshal(merge(read(object), read(changes)))
	if err != nil {
		panic(err)
	}
	return string(b)
}

func merge(m, changes map[string]any) map[string]any {
	for k, v := range changes {
		old, ok := m[k].(map[string]any)
		new, both := v.(map[string]any)
		switch {
		case v == nil:
			delete(m, k)
		case ok && both && len(new) > 0:
			merge(old, new)
		default:
			m[k] = v
		}
	}
	return m
}

// params are the parameters of a JSON body; nil where it is none.
func params(text string) deploy.Params {
	if m := read(text); m != nil {
		return deploy.ObjectOf(m)
	}
	return nil
}

// read reads JSON as a Rails application does; nil where it is none.
func read(text string) map[string]any {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var p any
	if d.Decode(&p) != nil {
		return nil
	}
	if m, ok := p.(map[string]any); ok {
		return m
	}
	return map[string]any{"_json": p}
}

// given makes a case of a JSON body on a live integration of an account with one service, shopping_cart.
func given(body string, changes ...func(*Case)) *Case {
	c := &Case{
		Wire:     Wire{Method: "POST", Path: "/integrations/deploy/" + testUUID, ContentType: "application/json", Body: JSON, LooksLikeJSON: true, BodyPrefix: body},
		Params:   params(body),
		Standing: Live, Integration: catalog.Integration{UUID: testUUID, Type: "deploy"},
		CatalogGiven: true, Now: testNow,
	}
	for _, change := range changes {
		change(c)
	}
	judge(c)
	return c
}

// judge does what the emulator does before it asks for findings.
func judge(c *Case) {
	if c.Problems != nil {
		return
	}
	switch {
	case c.Params == nil:
		c.Problems = deploy.Problems{{Status: 400, Title: "Bad Request", Detail: "the body cannot be read"}}
		return
	case c.Wire.Body == Form && c.Wire.LooksLikeJSON, c.Wire.Body == Other, c.Wire.Body == Empty:
		c.Params = deploy.NewObject(0)
	}
	c.Deploy, c.Problems = deploy.Parse(c.Params, deploy.Rules{DeployerOptional: !c.Integration.Type.RequiresDeployer()})
	if c.Problems != nil {
		return
	}
	if c.Deploy.Service == "shopping_cart" || c.Deploy.Service == "cart" {
		c.Service = "shopping_cart"
	}
	c.Outcome = deploy.Decide(c.Deploy, deploy.Known{Duplicate: c.Original != nil || c.Repeats > 0, Service: c.Service})
}

// prior is a deploy that was recorded before.
func prior(seq uint64, body string) *Prior {
	d, problems := deploy.Parse(params(body), deploy.Rules{})
	if problems != nil {
		panic(problems)
	}
	return &Prior{Seq: seq, At: testNow.Add(-time.Hour), Deploy: &d, Service: "shopping_cart"}
}

func original(changes string) func(*Case) {
	return func(c *Case) { c.Original = prior(14, with(healthy, changes)) }
}

func previous(seq uint64, changes string) func(*Case) {
	return func(c *Case) { c.Previous = prior(seq, with(healthy, changes)) }
}

// spoiled says that a fault spoiled the answer of the deploy before, so long ago.
func spoiled(ago time.Duration) func(*Case) {
	return func(c *Case) { c.Previous.Fault, c.Previous.At = "lost_answer", c.Now.Add(-ago) }
}

func path(p string) func(*Case)  { return func(c *Case) { c.Wire.Path = p } }
func agent(a string) func(*Case) { return func(c *Case) { c.Wire.UserAgent = a } }

func method(m string) func(*Case) {
	return func(c *Case) { c.Wire.Method, c.Params, c.Problems = m, nil, deploy.Problems{{Status: 404}} }
}

func kind(k BodyKind, contentType string) func(*Case) {
	return func(c *Case) { c.Wire.Body, c.Wire.ContentType = k, contentType }
}

// empty takes the body away.
func empty(c *Case) {
	c.Wire.Body, c.Wire.LooksLikeJSON, c.Wire.BodyPrefix, c.Wire.ContentType = Empty, false, "", ""
}

func near(aliases ...string) func(*Case) { return func(c *Case) { c.Near = aliases } }

func answered(p deploy.Problem) func(*Case) {
	return func(c *Case) { c.Problems = deploy.Problems{p} }
}

func environments(names ...string) func(*Case) { return func(c *Case) { c.Environments = names } }

// find is the finding with an id, or nil.
func find(f []Finding, id string) *Finding {
	for i := range f {
		if f[i].ID == id {
			return &f[i]
		}
	}
	return nil
}

func ids(f []Finding) string {
	var s []string
	for _, x := range f {
		s = append(s, string(x.Severity)+":"+x.ID)
	}
	return strings.Join(s, " ")
}

// sane checks what every finding must be.
func sane(t *testing.T, f []Finding) {
	t.Helper()
	for _, x := range f {
		doc, ok := Lookup(x.ID)
		if !ok {
			t.Errorf("%s is not in All", x.ID)
		}
		if x.Severity.rank() < doc.Severity.rank() {
			t.Errorf("%s is %s, worse than its description's %s", x.ID, x.Severity, doc.Severity)
		}
		if strings.HasPrefix(x.ID, "silent.") && x.Severity != Silent {
			t.Errorf("%s is %s", x.ID, x.Severity)
		}
		for _, s := range []string{x.Evidence, x.Explanation, x.Cure} {
			if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") || s[0] >= 'a' && s[0] <= 'z' && !strings.HasPrefix(s, x.Field) || len(s) > 420 {
				t.Errorf("%s: not a short sentence: %s", x.ID, s)
			}
			for _, r := range s {
				if r < ' ' || r == 0x7f || r == '\u202e' {
					t.Errorf("%s: control character in %q", x.ID, s)
				}
			}
		}
	}
}
