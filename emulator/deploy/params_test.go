package deploy

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

// params reads JSON as package httpapi does: numbers keep their text.
func params(t testing.TB, s string) Params {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var p map[string]any
	if err := d.Decode(&p); err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return ObjectOf(p)
}

// documented is the example of the page "Custom Deploys".
const documented = `{
  "dedup_id": "9ae54794-dfc5-4ac8-b1b5-78789f20f3f8",
  "service": "shopping_cart",
  "deployer": {"id": "1a9f841f-9a3d-4423-a05a-7e9c31a02b16", "email": "michael@example.test", "name": "Michael Scott"},
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
    "author_name": "Dwight Schrute",
    "author_email": "dwight@example.test",
    "authoring_date": "2019-02-01T09:23:43+01:00"
  }
}`

func TestParseDocumentedExample(t *testing.T) {
	date := time.Date(2019, 2, 1, 9, 23, 43, 0, time.UTC)
	authored := time.Date(2019, 2, 1, 8, 23, 43, 0, time.UTC)
	want := Deploy{
		Service: "shopping_cart", Description: "Deployed by CI Pipeline: Deploy #234",
		DeployedAt: time.Date(2019, 2, 1, 13, 28, 33, 0, time.UTC), DeployedAtSent: "2019-02-01 13:28:33",
		Environment: "Production", DeployURL: "https://heroku.deploys.com", DeployNumber: "234",
		DedupID:  "9ae54794-dfc5-4ac8-b1b5-78789f20f3f8",
		Deployer: &Deployer{ID: "1a9f841f-9a3d-4423-a05a-7e9c31a02b16", Email: "michael@example.test", Name: "Michael Scott"},
		Commit: &Commit{
			SHA: "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", Message: "Merge branch 'fix-tax-rate' into 'master'", Branch: "master",
			Date: &date, DateSent: "2019-02-01 09:23:43", CommitterName: "Michael Scott", CommitterEmail: "michael@example.test",
			AuthorName: "Dwight Schrute", AuthorEmail: "dwight@example.test", AuthoringDate: &authored, AuthoringDateSent: "2019-02-01T09:23:43+01:00",
		},
	}
	got, problems := Parse(params(t, documented), Rules{})
	if len(problems) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("problems %v\n got %+v\nwant %+v", problems, got, want)
	}
}

// full is the least that an integration of type deploy accepts, with one member replaced or, for "", left out.
func full(member, value string) string {
	members := map[string]string{
		"service": `"shopping_cart"`, "description": `"d"`, "deployed_at": `"2026-01-02T03:04:05Z"`, "deployer": `{"name":"m"}`,
	}
	members[member] = value
	var list []string
	for k, v := range members {
		if v != "" {
			list = append(list, `"`+k+`":`+v)
		}
	}
	return "{" + strings.Join(list, ",") + "}"
}

// fieldsOf names the fields at fault, in order.
func fieldsOf(problems Problems) string {
	var list []string
	for _, p := range problems {
		list = append(list, p.Field)
	}
	return strings.Join(list, " ")
}

func TestParseMissing(t *testing.T) {
	absent := []string{"", "null", `""`, `" \t\n"`, "\"\u00a0\u3000\"", "[]", "{}", `["a"]`, `[""]`, `{"a":"b"}`}
	for _, field := range []string{"service", "description", "deployed_at"} {
		for _, value := range absent {
			_, problems := Parse(params(t, full(field, value)), Rules{})
			if len(problems) != 1 || problems[0] != Missing(field) {
				t.Errorf("%s %s: %v", field, value, problems)
			}
		}
	}
	for _, value := range []string{"0", "false", "true", "-1.5", `"x"`, `" x "`, "\"\u200b\""} {
		for _, field := range []string{"service", "description"} {
			if _, problems := Parse(params(t, full(field, value)), Rules{}); problems != nil {
				t.Errorf("%s %s is present: %v", field, value, problems)
			}
		}
	}
}

func TestParseOrder(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"nothing", `{}`, "service description deployed_at deployer"},
		{"no description and no deployer", `{"service":"s","deployed_at":"2026-01-02"}`, "description deployer"},
		{"unreadable date stands where the missing one would", `{"deployed_at":"soon","deployer":{"id":"1"}}`, "service description deployed_at deployer.name"},
		{"all there", full("", ""), ""},
	} {
		_, problems := Parse(params(t, test.body), Rules{})
		if got := fieldsOf(problems); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if _, problems := Parse(nil, Rules{}); fieldsOf(problems) != "service description deployed_at deployer" {
		t.Errorf("nil parameters: %v", problems)
	}
}

func TestParseDeployer(t *testing.T) {
	for _, test := range []struct {
		deployer, strict, lenient string
		want                      *Deployer
	}{
		{``, "deployer", "", nil},
		{`null`, "deployer", "", nil},
		{`{}`, "deployer", "", nil},
		{`"michael"`, "deployer", "", nil},
		{`[{"name":"m"}]`, "deployer", "", nil},
		{`7`, "deployer", "", nil},
		{`{"name":"m"}`, "", "", &Deployer{Name: "m"}},
		{`{"email":"m@example.test"}`, "", "", &Deployer{Email: "m@example.test"}},
		{`{"name":"","email":"m@example.test","id":12}`, "", "", &Deployer{Email: "m@example.test", ID: "12"}},
		{`{"name":" ","email":null,"id":"7"}`, "deployer.name", "", &Deployer{ID: "7"}},
		{`{"name":["m"],"email":{"a":1}}`, "deployer.name", "", &Deployer{}},
		{`{"login":"m"}`, "deployer.name", "", &Deployer{}},
		{`{"name":false}`, "", "", &Deployer{Name: "false"}},
	} {
		p := params(t, full("deployer", test.deployer))
		d, problems := Parse(p, Rules{})
		if fieldsOf(problems) != test.strict || !reflect.DeepEqual(d.Deployer, test.want) {
			t.Errorf("%s: %v, %+v", test.deployer, problems, d.Deployer)
		}
		if _, problems := Parse(p, Rules{DeployerOptional: true}); fieldsOf(problems) != test.lenient {
			t.Errorf("%s, deployer optional: %v", test.deployer, problems)
		}
	}
	_, problems := Parse(params(t, full("deployer", `{"id":"7"}`)), Rules{})
	if p := problems[0]; p.Status != 400 || p.Title != "Deployer Error" || p.Detail == "" {
		t.Errorf("nameless deployer: %+v", p)
	}
}

func TestParseCommit(t *testing.T) {
	for _, test := range []struct {
		commit string
		want   *Commit
	}{
		{`{}`, nil},
		{`null`, nil},
		{`"abc"`, nil},
		{`["abc"]`, nil},
		{`{"sha":"","message":null,"date":" "}`, nil},
		{`{"unknown":"x"}`, nil},
		{`{"sha":7}`, &Commit{SHA: "7"}},
		{`{"message":"line\n"}`, &Commit{Message: "line\n"}},
		{`{"date":"yesterday"}`, &Commit{DateSent: "yesterday"}},
		{`{"date":1549027713}`, &Commit{DateSent: "1549027713"}},
		{`{"date":"0001-01-01T00:00:00Z"}`, &Commit{Date: &time.Time{}, DateSent: "0001-01-01T00:00:00Z"}},
		{`{"authoring_date":true}`, &Commit{AuthoringDateSent: "true"}},
	} {
		d, problems := Parse(params(t, full("commit", test.commit)), Rules{})
		if problems != nil {
			t.Errorf("%s: %v", test.commit, problems)
		}
		if test.want != nil && test.want.Date != nil {
			utc := test.want.Date.UTC()
			test.want.Date = &utc
		}
		if !reflect.DeepEqual(d.Commit, test.want) {
			t.Errorf("%s: %+v, want %+v", test.commit, d.Commit, test.want)
		}
	}
}

func TestParseDeployedAt(t *testing.T) {
	for _, test := range []struct{ value, sent string }{
		{`"garbage"`, "garbage"}, {`"2026-13-45"`, "2026-13-45"}, {`"1549027713"`, "1549027713"}, {`1549027713`, "1549027713"}, {`1549027713.5`, "1549027713.5"},
		{`20260102`, "20260102"}, {`true`, "true"}, {`false`, "false"}, {`0`, "0"}, {`"now"`, "now"},
	} {
		d, problems := Parse(params(t, full("deployed_at", test.value)), Rules{})
		if len(problems) != 1 || problems[0].Title != "Deployed at Error" || problems[0].Status != 400 || !strings.Contains(problems[0].Detail, test.sent) {
			t.Errorf("%s: %+v", test.value, problems)
		}
		if !d.DeployedAt.IsZero() || d.DeployedAtSent != test.sent || strings.Contains(mustJSON(t, d), `"deployed_at":`) {
			t.Errorf("%s: %s", test.value, mustJSON(t, d))
		}
	}
	d, problems := Parse(params(t, full("deployed_at", `"2026-11-22T00:30:15.728782826Z"`)), Rules{})
	if problems != nil || d.DeployedAt.Nanosecond() != 728782000 || d.DeployedAtSent != "2026-11-22T00:30:15.728782826Z" {
		t.Errorf("nanoseconds: %v %s", problems, mustJSON(t, d))
	}
	_, problems = Parse(params(t, full("deployed_at", `"`+strings.Repeat("x", 1000)+`"`)), Rules{})
	if len(problems[0].Detail) > 300 {
		t.Errorf("a long date is repeated whole: %s", problems[0].Detail)
	}
}

// A request that is rejected is kept all the same, so whatever can be read is.
func TestParseKeepsWhatItCan(t *testing.T) {
	d, problems := Parse(params(t, `{"service":"","environment":"Staging","dedup_id":7,"deploy_number":1.10,"status":"succeeded","commit":{"sha":"a"}}`), Rules{})
	if len(problems) != 4 || d.Environment != "Staging" || d.DedupID != "7" || d.DeployNumber != "1.1" || d.Status != "succeeded" ||
		d.DeployStatus != NoStatus || d.Commit.SHA != "a" {
		t.Errorf("%v %s", problems, mustJSON(t, d))
	}
}

// Aliases and dedup ids are compared exactly, so they must arrive as they were sent.
func TestParseTrimsNothing(t *testing.T) {
	d, _ := Parse(params(t, `{"service":" Shop \n","dedup_id":"\tA ","status":"success ","environment":"  "}`), Rules{})
	if d.Service != " Shop \n" || d.DedupID != "\tA " || d.Status != "success " || d.DeployStatus != NoStatus || d.Environment != "" {
		t.Errorf("%s", mustJSON(t, d))
	}
}

// What Ruby 3.1 prints for a number that JSON.parse read.
func TestNumberText(t *testing.T) {
	for _, test := range []struct{ json, want string }{
		{"0", "0"}, {"-0", "0"}, {"42", "42"}, {"-7", "-7"}, {"12345678901234567890123", "12345678901234567890123"},
		{"1.10", "1.1"}, {"1.0", "1.0"}, {"-0.0", "-0.0"}, {"1e3", "1000.0"}, {"1E+2", "100.0"}, {"1e14", "100000000000000.0"}, {"1e15", "1.0e+15"},
		{"123456789012345.0", "123456789012345.0"}, {"1234567890123456.0", "1.234567890123456e+15"}, {"2981302835293639.5", "2981302835293639.5"},
		{"1e20", "1.0e+20"}, {"1.5e300", "1.5e+300"}, {"0.0001", "0.0001"}, {"0.00015", "0.00015"}, {"0.00001", "1.0e-05"}, {"9.9e-5", "9.9e-05"}, {"5e-324", "5.0e-324"},
		{"1e-400", "0.0"}, {"1e400", "Infinity"}, {"-1e400", "-Infinity"}, {"999999999999999.9", "999999999999999.9"}, {"-1549027713.5", "-1549027713.5"},
	} {
		if got := text(json.Number(test.json)); got != test.want {
			t.Errorf("%s: %q, want %q", test.json, got, test.want)
		}
	}
}

func TestText(t *testing.T) {
	for _, test := range []struct {
		in   any
		want string
	}{
		{nil, ""}, {"", ""}, {" \u2028\u0085", ""}, {"\u200b", "\u200b"}, {"\x00", "\x00"}, {"a ", "a "}, {true, "true"}, {false, "false"}, {[]any{"a"}, ""},
		{map[string]any{"a": "b"}, ""}, {"é", "é"}, {42, ""},
	} {
		if got := text(test.in); got != test.want {
			t.Errorf("%#v: %q, want %q", test.in, got, test.want)
		}
	}
}

func mustJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
