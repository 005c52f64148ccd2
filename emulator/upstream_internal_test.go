package emulator

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/relay"
)

// secure is an OpsLevel behind TLS, with a certificate for example.com and 127.0.0.1, and the roots that vouch for it.
func secure(t *testing.T) (*httptest.Server, *tls.Config) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusAccepted)
		io.WriteString(w, `{"result":"ok"}`)
	}))
	s.Config.ErrorLog = errorLog(Config{}.withDefaults().Logger)
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s, &tls.Config{RootCAs: roots}
}

// relayOne sends one empty deploy.
func relayOne(t *testing.T, c Config, roots *tls.Config) (reply relay.Reply) {
	t.Helper()
	c.Clock = clock.System{}
	u, err := newUpstream(c, roots)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Stop()
	u.Send(relay.Request{Header: http.Header{}, UUID: "own"}, func(r relay.Reply) { reply = r })
	return reply
}

// TestUpstreamTLS: the certificate is checked, and for the host that was named.
func TestUpstreamTLS(t *testing.T) {
	s, roots := secure(t)
	c := Config{Upstream: s.URL + "/integrations/deploy/secret-0001", AllowUpstream: []string{"127.0.0.1"}}
	if r := relayOne(t, c, roots); r.Failure != "" || r.Said.Result != deploy.OK {
		t.Errorf("%+v", r)
	}
	if r := relayOne(t, c, nil); !strings.Contains(r.Failure, "no TLS with 127.0.0.1") || r.Sent {
		t.Errorf("a certificate that nobody vouches for: %+v", r)
	}
	c.Upstream, c.AllowUpstream = strings.Replace(c.Upstream, "127.0.0.1", "localhost", 1), []string{"localhost"}
	if r := relayOne(t, c, roots); !strings.Contains(r.Failure, "no TLS with localhost") || r.Sent {
		t.Errorf("a certificate of another host: %+v", r)
	}
}

// TestUpstreamProxy: only the proxy that was named is used; variables are not looked at.
func TestUpstreamProxy(t *testing.T) {
	var asked []string
	proxy := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.RequestURI+" "+r.Host+" "+r.Header.Get("Proxy-Authorization"))
		w.WriteHeader(http.StatusAccepted)
		io.WriteString(w, `{"result":"ok"}`)
	}))
	proxy.Start()
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	c := Config{Upstream: "http://ol.invalid/integrations/deploy/secret-0001", AllowUpstream: []string{"ol.invalid"}}
	if r := relayOne(t, c, nil); r.Failure == "" || len(asked) > 0 {
		t.Errorf("a variable was taken for --proxy: %+v, %q", r, asked)
	}
	c.Proxy = strings.Replace(proxy.URL, "http://", "http://mary:secret@", 1)
	r := relayOne(t, c, nil)
	want := "POST http://ol.invalid/integrations/deploy/secret-0001 ol.invalid Basic bWFyeTpzZWNyZXQ="
	if r.Failure != "" || len(asked) != 1 || asked[0] != want {
		t.Errorf("%+v, asked %q, want %q", r, asked, want)
	}
}

// TestDriftNamesFidelity: every line of the table that a difference names is there.
func TestDriftNamesFidelity(t *testing.T) {
	known := map[string]bool{}
	for _, b := range Fidelity() {
		known[b.ID] = true
	}
	answers := []relay.Said{
		relay.Read(202, "a", []byte(`{"result":"ok"}`)), relay.Read(201, "b", []byte(`{"result":"ok","more":1}`)),
		relay.Read(202, "a", []byte(`{"result":"no_service_found"}`)), relay.Read(202, "a", []byte(`{"result":"duplicate_deploy"}`)),
	}
	for _, status := range []int{301, 400, 404, 406, 413, 429, 503} {
		answers = append(answers, relay.Read(status, "c", nil))
	}
	for _, field := range []string{"service", "deployed_at", "deployer", "deployer.name"} {
		p := deploy.Missing(field)
		answers = append(answers, relay.Said{HTTP: 400, Result: deploy.Rejected, Problems: deploy.Problems{p}, Body: p.Body()})
	}
	named := map[string]bool{}
	for _, ours := range answers {
		for _, theirs := range answers {
			for _, of := range []catalog.IntegrationType{"deploy", "jenkins", "octopus"} {
				for _, d := range drifted(ours, theirs, of) {
					for _, line := range d.Fidelity {
						named[line] = true
						if !known[line] {
							t.Errorf("%s names %s, which is not in the table", d.Field, line)
						}
					}
				}
			}
		}
	}
	if len(named) < 20 {
		t.Errorf("only %d lines are named", len(named))
	}
	if d := drifted(answers[0], answers[0], "deploy"); d != nil {
		t.Errorf("an answer differs from itself: %v", d)
	}
}
