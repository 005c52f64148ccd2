package query_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

func seen(f query.Field) []string {
	return map[query.Field][]string{
		query.Service:     {"shopping_cart", "shop", "payments", "shop"},
		query.Environment: {"Production", "two words", ""},
		query.Result:      {"ok"},
		query.Path:        {"/integrations/deploy/3f1c", "/x/"},
		query.Seq:         {"17", "x"},
		query.At:          {"2026-07-01 10:30"},
	}[f]
}

func TestComplete(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"ser", "service:"},
		{"SER", "SER|service:"},
		{"x -ser", "x -service:"},
		{"not:ser", "not:service:"},
		{"commit.s", "commit.sha:"},
		{"dedup_", "dedup_id:"},
		{"has:de", "has:description has:dedup has:deployed_at has:deployer has:deployer.id has:deployer.email has:deployer.name has:detail"},
		{"has:sha,bra", "has:sha,branch"},
		{"has:new", ""},
		{"service:", "service:shopping_cart service:shop service:payments"},
		{"service:SHOPP", "service:shopping_cart"},
		{"service:x,pay", "service:x,payments"},
		{"env:t", `env:"two words"`},
		{`env:"two`, `env:"two words"`},
		{`env:two\ w`, `env:"two words"`},
		{`x env:"two words",P`, `x env:"two words",Production`},
		{"result:", "result:ok result:no_service_found result:duplicate_deploy result:rejected"},
		{"result:ok,dup", "result:ok,duplicate_deploy"},
		{"http:4", "http:4xx"},
		{"finding:s", "finding:silent"},
		{"newer:", "newer:5m newer:1h newer:1d"},
		{"path:/", `path:/integrations/deploy/3f1c path:"/x/"`},
		{"seq:", "seq:17"},
		{"at:", "at:2026-07-01T10:30"},
		{"service:~sh", ""},
		{"svc:sh", ""},
		{"service:cart ne", "service:cart newer:"},
		{`"service:`, ""},
		{"hea", "header:"},
	} {
		var got []string
		for _, k := range query.Complete(c.typed, seen) {
			got = append(got, c.typed[:k.Start]+k.Text)
		}
		want := c.want
		if _, w, ok := strings.Cut(want, "|"); ok {
			want = w
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", c.typed, got, want)
		}
	}
	all := query.Complete("", nil)
	if len(all) != len(query.Docs())+2 || all[0].Text != "service:" || all[0].Doc == "" {
		t.Errorf("%+v", all)
	}
}

// TestCompletedQueriesParse goes on with every field and every value that is offered.
func TestCompletedQueriesParse(t *testing.T) {
	for _, name := range query.Complete("x ", nil) {
		if name.Text == "not:" {
			continue
		}
		typed := "x "[:name.Start] + name.Text
		for _, value := range query.Complete(typed, seen) {
			parse(t, typed[:value.Start]+value.Text)
		}
	}
}

func TestDocs(t *testing.T) {
	names := map[string]bool{}
	for _, d := range query.Docs() {
		for _, n := range append([]string{string(d.Field)}, d.Synonyms...) {
			if names[n] || n != strings.ToLower(n) || n == "has" || n == "not" {
				t.Errorf("%s stands for two things", n)
			}
			names[n] = true
			value := map[query.Compare]string{query.Number: "404", query.Time: "2026-07-01", query.Age: "5m"}[d.Compare]
			if value == "" {
				value = "x"
			}
			if len(d.Values) > 0 {
				value = d.Values[0]
			}
			if q := parse(t, n+":"+value); q.String() != string(d.Field)+":"+value || !q.Mentions(d.Field) {
				t.Errorf("%s: %s", n, q)
			}
		}
		if d.Doc == "" || strings.HasSuffix(d.Doc, ".") || d.Word && slices.Contains([]query.Compare{query.Number, query.Time, query.Age}, d.Compare) {
			t.Errorf("%+v", d)
		}
	}
	for _, n := range strings.Fields(`service environment description deployed_at deploy_url dedup_id deploy_number status deployer.id deployer.email
		deployer.name commit.sha commit.message commit.branch commit.date commit.committer_name commit.committer_email commit.author_name
		commit.author_email commit.authoring_date`) {
		if !names[n] {
			t.Errorf("the payload's %s is unknown", n)
		}
	}
}
