package relay

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

func TestRead(t *testing.T) {
	for _, c := range []struct {
		status  int
		body    string
		result  deploy.Result
		title   string
		field   string
		strange bool
	}{
		{202, `{"result":"ok"}`, deploy.OK, "", "", false},
		{200, ` {"result":"ok","id":7} `, deploy.OK, "", "", false},
		{202, `{"result":"duplicate_deploy","message":"m"}`, deploy.Duplicate, "", "", false},
		{202, `{"result":"OK"}`, deploy.Rejected, "Accepted", "", true},
		{202, `{"result":["ok"]}`, deploy.Rejected, "Accepted", "", true},
		{202, `{"result":"rejected"}`, deploy.Rejected, "Accepted", "", true},
		{202, ``, deploy.Rejected, "Accepted", "", true},
		{302, `{"result":"ok"}`, deploy.Rejected, "Found", "", true},
		{400, `{"result":"ok"}`, deploy.Rejected, "Bad Request", "", false},
		{400, `{"errors":[{"status":400,"title":"Deployed at Error","detail":"param is missing or the value is empty: deployed_at\nDid you mean?  deployer"}]}`, deploy.Rejected, "Deployed at Error", "deployed_at", false},
		{400, `{"errors":[{"status":"400","title":"Deployer Error","detail":"other words"}]}`, deploy.Rejected, "Deployer Error", "deployer", false},
		{404, `<html>`, deploy.Rejected, "Not Found", "", false},
		{500, `{"errors":[]}`, deploy.Rejected, "Internal Server Error", "", false},
		{500, `{"errors":{"a":1}}`, deploy.Rejected, "Internal Server Error", "", false},
	} {
		s := Read(c.status, "", []byte(c.body))
		field := ""
		if len(s.Problems) > 0 {
			field = s.Problems[0].Field
		}
		if s.Result != c.result || s.Title() != c.title || field != c.field || s.Strange != c.strange || s.HTTP != c.status {
			t.Errorf("%d %s: %+v", c.status, c.body, s)
		}
	}
}

func TestCompare(t *testing.T) {
	ours := Read(400, "application/json", []byte(`{"errors":[{"status":400,"title":"T","detail":"D"}]}`))
	theirs := Read(422, "text/html", []byte(`{"errors":[{"status":422,"title":"U","detail":"E"}]}`))
	var fields []string
	for _, d := range Compare(ours, theirs) {
		fields = append(fields, d.Field)
		if d.Ours == d.Theirs {
			t.Errorf("%+v is no difference", d)
		}
	}
	if got := strings.Join(fields, " "); got != "http title detail content_type body" {
		t.Errorf("fields %s", got)
	}
	long := Compare(Said{Body: []byte(strings.Repeat("a", 10*maxValue))}, Said{})
	if len(long) != 1 || len(long[0].Ours) > maxValue+len("…") {
		t.Errorf("a long value is not cut")
	}
}

// TestTargetTellsNothing: however a target is printed, the secret is not in it; nor is it in the error of one that is wrong.
func TestTargetTellsNothing(t *testing.T) {
	const secret = "5ec4e700-0000-4000-8000-00000000beef"
	target, err := ParseTarget(" https://app.opslevel.com/integrations/deploy/" + secret + "/ ")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Target: target}
	for _, s := range []string{fmt.Sprint(target), fmt.Sprintf("%+v", target), fmt.Sprintf("%#v", target), fmt.Sprintf("%+v", o), fmt.Sprintf("%v", &o)} {
		if strings.Contains(s, secret) {
			t.Errorf("%s tells the secret", s)
		}
	}
	if got := target.line(Request{Suffix: ".json", Query: "a=1"}, false); got != "/integrations/deploy/"+secret+".json?a=1" {
		t.Errorf("line %s", got)
	}
	for _, bad := range []string{
		"", secret, "ftp://h/" + secret, "https:///" + secret, "https://h/" + secret + "#x", "https://h/" + secret + "?", "https://h:0/" + secret,
		"https://h:99999/" + secret, "https://u@h/" + secret, "https://h", "https://h/", "https://h/\x7f" + secret, "https://h%/" + secret,
	} {
		if _, err := ParseTarget(bad); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestConceal: the secret is found in any letter case, and short words are left alone.
func TestConceal(t *testing.T) {
	target, _ := ParseTarget("https://h/integrations/deploy/ABCDEF-0123")
	for in, want := range map[string]string{
		"x":                                   "x",
		"abcdef-0123abcdef-0123":              "ownown",
		"https://h/ABCDEF-0123?x=AbCdEf-0123": "https://h/own?x=own",
		"\u212a abcdef-0123":                  "\u212a own", // a letter whose lower case has another length
	} {
		if got := string(target.conceal([]byte(in), "own")); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	short, _ := ParseTarget("https://h/deploy")
	if got := string(short.conceal([]byte("a deploy"), "own")); got != "a deploy" {
		t.Errorf("a short word was taken for a secret: %q", got)
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		url, named string
		want       bool
	}{
		{"https://app.opslevel.com/x", "app.opslevel.com", true},
		{"https://App.opslevel.com./x", "app.opslevel.COM", true},
		{"https://app.opslevel.com/x", "app.opslevel.com:443", true},
		{"https://app.opslevel.com:8443/x", "app.opslevel.com", true},
		{"https://app.opslevel.com/x", "app.opslevel.com:80", false},
		{"https://app.opslevel.com/x", "opslevel.com", false},
		{"https://app.opslevel.com.evil.test/x", "app.opslevel.com", false},
		{"https://app.opslevel.com/x", "*", false},
		{"https://app.opslevel.com/x", "", false},
		{"http://[::1]:80/x", "[::1]:80", true},
		{"http://[::1]/x", "::1", true},
	} {
		target, err := ParseTarget(c.url)
		if err != nil {
			t.Fatal(err)
		}
		if got := target.Match(c.named); got != c.want {
			t.Errorf("%s named %s: %v", c.url, c.named, got)
		}
	}
}

func TestHopByHop(t *testing.T) {
	b := packet(Target{url: mustTarget(t).url}, Request{Header: http.Header{"Connection": {"x-a , X-B", "X-C"}, "X-A": {"1"}, "X-B": {"1"}, "X-C": {"1"}, "X-D": {"1"}, "Expect": {"100-continue"}}}, Line{})
	if s := string(b); strings.Contains(s, "X-A") || strings.Contains(s, "X-B") || strings.Contains(s, "X-C") || strings.Contains(s, "Expect") || !strings.Contains(s, "X-D: 1\r\n") {
		t.Errorf("%s", s)
	}
}

func mustTarget(t *testing.T) Target {
	t.Helper()
	target, err := ParseTarget("https://h/integrations/deploy/secret-0001")
	if err != nil {
		t.Fatal(err)
	}
	return target
}
