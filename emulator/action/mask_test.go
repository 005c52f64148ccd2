package action

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// No form of any secret is in the record, whichever way it went.
func TestSecretsAreNowhereInTheRecord(t *testing.T) {
	const password = `pa"ss/w+rd=42`
	var wire string
	server := httpServer(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		wire = r.Header.Get("Authorization") + " " + r.URL.RawQuery + " " + string(body)
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusUnauthorized)
		quoted, _ := json.Marshal(wire)
		w.Write([]byte(`{"echo":` + string(quoted) + `}`))
	})
	d := testDeps()
	d.Secrets = map[string]string{"pw": password, "token": "tok-0123456789"}
	c := documented(t).tree()
	c.set("leak", "it is "+password)
	w := Webhook{
		URL: server + "/?token={{ 'token' | secret }}", Method: "PUT", SigningSecret: "signing-secret-1",
		Headers: map[string]string{
			"Authorization": "Basic {{ 'pw' | secret | base64 }}", "X-Api-Key": "plain-credential-77", "X-Escaped": url.QueryEscape(password),
		},
		Payload:          "{\"password\": \"{{ 'pw' | secret }}\",\n \"both\": \"{{ 'token' | secret }}\"}",
		ResponseTemplate: "{{ response.body.echo }} {{ response.headers.X-Echo }} {{ 'pw' | secret }}",
	}
	f := Fire(t.Context(), d, w, contextFrom(c)).Of(d, "t", []Input{{"typed", "x" + password}}, "s")
	encoded := base64.StdEncoding.EncodeToString([]byte(password))
	if !strings.Contains(wire, "Basic "+encoded) || !strings.Contains(wire, "tok-0123456789") || !strings.Contains(wire, password) {
		t.Fatalf("the secrets did not go out: %s", wire)
	}
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	quoted, _ := json.Marshal(password)
	for _, s := range []string{password, string(quoted[1 : len(quoted)-1]), "tok-0123456789", encoded, "signing-secret-1", "plain-credential-77", url.QueryEscape(password)} {
		if strings.Contains(string(text), s) {
			t.Errorf("%s is in the record", s)
		}
	}
	var back Firing
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if got := string(f.Attempts[0].Sent); !strings.Contains(got, "PUT /?token="+Mask) || !strings.Contains(got, Mask+"\",\n \"both\": \""+Mask) {
		t.Errorf("sent: %s", got)
	}
	if f.Webhook.SigningSecret != Mask || !strings.Contains(f.Webhook.Headers["Authorization"], "'pw' | secret") || *f.Response.Status != 401 {
		t.Errorf("%+v", f.Webhook)
	}
	if w.Headers["X-Api-Key"] != "plain-credential-77" {
		t.Error("the caller's webhook was changed")
	}
}

func TestPasswordInTheURL(t *testing.T) {
	var user string
	server := httpServer(t, func(_ http.ResponseWriter, r *http.Request) { user, _, _ = r.BasicAuth() })
	f := fire(t, Webhook{URL: strings.Replace(server, "://", "://bob:hunter22@", 1)})
	text, _ := json.Marshal(f)
	if user != "bob" || strings.Contains(string(text), "hunter22") || strings.Contains(string(text), base64.StdEncoding.EncodeToString([]byte("bob:hunter22"))) {
		t.Errorf("%s %s", user, text)
	}
}

// TestNameAloneInTheURL: a name without a password is how forges take a token.
func TestNameAloneInTheURL(t *testing.T) {
	var user string
	server := httpServer(t, func(_ http.ResponseWriter, r *http.Request) { user, _, _ = r.BasicAuth() })
	f := fire(t, Webhook{URL: strings.Replace(server, "://", "://ghp_0123456789@", 1)})
	text, _ := json.Marshal(f)
	if user != "ghp_0123456789" || strings.Contains(string(text), "ghp_") || !strings.HasPrefix(f.Request.Target, "http://"+Mask+"@") {
		t.Errorf("%s %s", user, text)
	}
}

func TestSecretInAnErrorIsMasked(t *testing.T) {
	d := testDeps()
	d.Secrets = map[string]string{"host": "secret-host.example.test", "number": "20231"}
	d.Resolver = names{}
	f := Fire(t.Context(), d, Webhook{URL: "http://{{ 'host' | secret }}:{{ 'number' | secret }}/"}, documented(t))
	text, _ := json.Marshal(f)
	if strings.Contains(string(text), "secret-host") || strings.Contains(string(text), "20231") || !strings.Contains(f.Error, "there is no host "+Mask) {
		t.Errorf("%s", text)
	}
}

// A target may send a secret back in a form in which it never went out.
func TestSecretInEveryFormIsMasked(t *testing.T) {
	const secret = "pa\"ss/w?rd>~~ä"
	m := &masker{}
	m.add(secret)
	quoted, _ := json.Marshal(secret)
	for _, form := range []string{
		secret, string(quoted[1 : len(quoted)-1]), url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.URLEncoding.EncodeToString([]byte(secret)), base64.RawStdEncoding.EncodeToString([]byte(secret)),
	} {
		if got := m.text("you sent " + form + " to me"); !strings.HasPrefix(got, "you sent "+Mask) || len(got) > len("you sent "+Mask+"== to me") {
			t.Errorf("%s is %q", form, got)
		}
	}
}

func TestSecretCutOffAtTheEndOfABodyIsMasked(t *testing.T) {
	m := &masker{}
	m.add("abcdefghij")
	for in, want := range map[string]string{"xx abcdefg": "xx " + Mask, "xx abcdefghij": "xx " + Mask, "xx abc": "xx abc", "": ""} {
		if got := m.cut(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
