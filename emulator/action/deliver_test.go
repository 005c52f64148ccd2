package action

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

func TestWhatWasRenderedIsJudgedBeforeSending(t *testing.T) {
	arrived := 0
	url := httpServer(t, func(http.ResponseWriter, *http.Request) { arrived++ })
	hostile, err := NamedContext("hostile")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		w    Webhook
		want string // the problem's id
		text string // in the error
	}{
		"empty URL":         {Webhook{URL: "{{ nothing }}"}, "url.invalid", "the URL is empty"},
		"relative URL":      {Webhook{URL: "/hook"}, "url.invalid", `scheme "", and should be http`},
		"other scheme":      {Webhook{URL: "ftp://127.0.0.1/"}, "url.invalid", `scheme "ftp"`},
		"file":              {Webhook{URL: "file:///etc/passwd"}, "url.invalid", `scheme "file"`},
		"no host":           {Webhook{URL: "http:///x"}, "url.invalid", "has no host"},
		"space in URL":      {Webhook{URL: url + "/{{ service.name }}"}, "url.invalid", "a space at place"},
		"line break at end": {Webhook{URL: url + "\n"}, "url.invalid", "a line break at place"},
		"accent in URL":     {Webhook{URL: url + "/é"}, "url.invalid", "'é'"},
		"braces left over":  {Webhook{URL: url + "/{x}"}, "url.invalid", "'{'"},
		"port":              {Webhook{URL: "http://127.0.0.1:99999/"}, "url.invalid", "the port 99999"},
		"odd port":          {Webhook{URL: "http://127.0.0.1:8o/"}, "url.invalid", "cannot be read"},
		"bad escape":        {Webhook{URL: url + "/%zz"}, "url.invalid", "cannot be read"},
		"header injection":  {Webhook{URL: url, Headers: map[string]string{"X-Lang": "{{ service.language }}"}}, "header.line_break", "X-Lang has a line break"},
		"header at end":     {Webhook{URL: url, Headers: map[string]string{"X-A": "b\n"}}, "header.line_break", "X-A has a line break"},
		"header control":    {Webhook{URL: url, Headers: map[string]string{"X-A": "a\x00b"}}, "header.line_break", "control character"},
		"header name":       {Webhook{URL: url, Headers: map[string]string{"X A": "b"}}, "webhook.invalid", `"X A"`},
		"receiver's name":   {Webhook{URL: "receiver:../v1/reset"}, "url.receiver", "is no name for a receiver"},
		"no receiver":       {Webhook{URL: "receiver:a"}, "url.receiver", "no receiver here"},
		"broken URL":        {Webhook{URL: "{% broken %}"}, "template.failed", "url cannot be rendered"},
		"broken payload":    {Webhook{URL: url, Payload: "{% broken %}"}, "template.failed", "payload cannot be rendered"},
		"broken header":     {Webhook{URL: url, Headers: map[string]string{"X-A": "{% broken %}"}}, "template.failed", "header:X-A cannot be rendered"},
	} {
		c.w.ResponseTemplate = "{{ status }} {{ service.slug }}{{ response.status }}"
		f := Fire(t.Context(), testDeps(), c.w, hostile)
		if !strings.Contains(ids(f), c.want) || !strings.HasPrefix(f.Error, "Nothing was sent: ") || !strings.Contains(f.Error, c.text) {
			t.Errorf("%s: %s: %s", name, ids(f), f.Error)
		}
		if f.Result != Failure || len(f.Attempts) != 0 || f.RenderedResponse != "FAILURE my_quoted_project" {
			t.Errorf("%s: %s, %d attempts, %q", name, f.Result, len(f.Attempts), f.RenderedResponse)
		}
	}
	if arrived != 0 {
		t.Errorf("%d requests were sent", arrived)
	}
}

func TestPayloadThatIsNoJSONIsSentAndTold(t *testing.T) {
	var got string
	url := httpServer(t, func(_ http.ResponseWriter, r *http.Request) { b, _ := io.ReadAll(r.Body); got = string(b) })
	hostile, _ := NamedContext("hostile")
	w := Webhook{URL: url, Payload: "{\n  \"name\": \"{{ user.name }}\"\n}"}
	f := Fire(t.Context(), testDeps(), w, hostile)
	if ids(f) != "payload.not_json" || f.Problems[0].Line != 2 || f.Problems[0].Column != 26 || !f.Problems[0].Rendered || f.Result != Success {
		t.Errorf("%+v", f.Problems)
	}
	if got != string(f.Request.Body) {
		t.Errorf("%q", got)
	}
	w.Headers = map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	if f := Fire(t.Context(), testDeps(), w, hostile); len(f.Problems) != 0 {
		t.Errorf("a form: %+v", f.Problems)
	}
	w = Webhook{URL: url, Payload: "{{ user.name }"}
	if f := Fire(t.Context(), testDeps(), w, hostile); ids(f) != "payload.not_json" {
		t.Error(ids(f))
	}
}

func TestHeadersThatTheDeliverySetsItself(t *testing.T) {
	f := fire(t, Webhook{URL: httpServer(t, ok), Headers: map[string]string{
		"Host": "elsewhere.example.test", "content-length": "3", "X-OpsLevel-Timing": "1", "User-Agent": "mine", "Accept": "text/plain", "X-Blank": "{{ nothing }}",
	}})
	if ids(f) != "header.reserved header.blank header.reserved header.reserved" {
		t.Error(ids(f))
	}
	if strings.Contains(string(f.Attempts[0].Sent), "elsewhere") || strings.Count(string(f.Attempts[0].Sent), "User-Agent") != 1 {
		t.Error(f.Attempts[0].Sent)
	}
}

func TestResponseTemplateThatFails(t *testing.T) {
	f := fire(t, Webhook{URL: httpServer(t, ok), ResponseTemplate: "{% broken %}"})
	if f.Result != Success || ids(f) != "template.failed" || f.Problems[0].Part != PartResponse || f.RenderedResponse != "half" {
		t.Errorf("%s %+v %q", f.Result, f.Problems, f.RenderedResponse)
	}
}

func TestRetriesAsFarAsTheSettingsAllow(t *testing.T) {
	calls := 0
	url := httpServer(t, func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	if f := fire(t, Webhook{URL: url}); len(f.Attempts) != 1 || f.Result != Failure {
		t.Errorf("by default: %d attempts, %s", len(f.Attempts), f.Result)
	}
	calls = 0
	f := fire(t, Webhook{URL: url, Settings: Settings{Retries: 5, RetryWait: 1}})
	if len(f.Attempts) != 3 || f.Result != Success || f.Attempts[2].Why != "retry" || f.Attempts[2].Number != 3 {
		t.Errorf("%d attempts, %s", len(f.Attempts), f.Result)
	}
	calls = -100
	f = fire(t, Webhook{URL: url, Settings: Settings{Retries: 1000, RetryWait: 1}})
	if len(f.Attempts) != 11 || f.Settings.Retries != 10 {
		t.Errorf("%d attempts", len(f.Attempts))
	}
}

func TestRetryWaitsByTheClock(t *testing.T) {
	hands := clock.NewManual(noon)
	d := testDeps()
	d.Clock = hands
	s := sender{deps: d, settings: Defaults()}
	done := make(chan bool)
	go func() { done <- s.wait(context.Background()) }()
	for hands.Waiting() == 0 {
		runtime.Gosched()
	}
	hands.Advance(time.Second)
	if !<-done {
		t.Error("it gave up")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if s.wait(ctx) {
		t.Error("it waited on")
	}
}

func TestRedirectsAreFollowedOnlyIfSet(t *testing.T) {
	var seen []string
	elsewhere := httpServer(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen = append(seen, r.Method+" "+r.URL.Path+" "+string(body)+r.Header.Get("Authorization"))
	})
	status := 307
	url := httpServer(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere+"/there", status) })
	w := Webhook{URL: url, Payload: "{}", Headers: map[string]string{"Authorization": "Bearer {{ service.slug }}"}}
	if f := fire(t, w); len(seen) != 0 || f.Result != Failure || *f.Response.Status != 307 {
		t.Errorf("by default: %v", seen)
	}
	w.Settings.Redirects = 3
	f := fire(t, w)
	status = 302
	fire(t, w)
	if got := strings.Join(seen, "|"); got != "POST /there {}|GET /there " {
		t.Error(got)
	}
	if len(f.Attempts) != 2 || f.Attempts[1].Why != "redirect" || f.Attempts[1].URL != elsewhere+"/there" || f.Result != Success {
		t.Errorf("%+v", f.Attempts)
	}
}

func TestRedirectBeyondLoopbackIsRefused(t *testing.T) {
	for _, to := range []string{"http://10.0.0.1/", "http://0.0.0.0/", "http://2130706433/", "//example.test/"} {
		url := httpServer(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusTemporaryRedirect)
		})
		d := testDeps()
		d.Resolver = names{"example.test": "203.0.113.9"}
		f := Fire(t.Context(), d, Webhook{URL: url, Settings: Settings{Redirects: 5}}, documented(t))
		if len(f.Attempts) != 2 || f.Attempts[1].Failure == nil || f.Attempts[1].Failure.Kind != HostRefused || f.Result != Failure {
			t.Errorf("%s: %+v", to, f.Attempts)
		}
	}
}

func TestReceiverURL(t *testing.T) {
	var path string
	d := testDeps()
	d.Receiver = httpServer(t, func(_ http.ResponseWriter, r *http.Request) { path = r.URL.Path }) + "/_emulator/receiver/"
	d.Policy.Exposed = true
	f := Fire(t.Context(), d, Webhook{URL: "receiver:provisioner"}, documented(t))
	if path != "/_emulator/receiver/provisioner" || f.Request.URL != "receiver:provisioner" || !strings.HasSuffix(f.Request.Target, path) {
		t.Errorf("%s %s %s", path, f.Request.URL, f.Request.Target)
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(ok))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // the refused handshake is meant
	s.StartTLS()
	defer s.Close()
	f := fire(t, Webhook{URL: s.URL})
	if f.Attempts[0].Failure == nil || f.Attempts[0].Failure.Kind != TLSFailed || ids(f) != "delivery.tls_failed" {
		t.Errorf("%+v", f.Attempts[0])
	}
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	d := testDeps()
	d.TLS = &tls.Config{RootCAs: roots}
	f = Fire(t.Context(), d, Webhook{URL: s.URL}, documented(t))
	if f.Result != Success || f.Attempts[0].Timings.TLS <= f.Attempts[0].Timings.Connect {
		t.Errorf("%s %+v", f.Error, f.Attempts[0].Timings)
	}
}

// names is a resolver that knows these.
type names map[string]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	list, ok := n[strings.ToLower(host)]
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	var out []netip.Addr
	for _, a := range strings.Fields(list) {
		out = append(out, netip.MustParseAddr(a))
	}
	return out, nil
}

func TestProxyIsUsedOnlyIfSet(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	t.Setenv("ALL_PROXY", "http://127.0.0.1:1")
	if f := fire(t, Webhook{URL: httpServer(t, ok)}); f.Result != Success {
		t.Errorf("a proxy variable was looked at: %s", f.Error)
	}
	var got string
	proxy := rawServer(t, func(c net.Conn) {
		got = readRequest(c)
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	})
	d := testDeps()
	d.Policy = Policy{Allow: []string{"ci.example.test"}, Proxy: strings.Replace(proxy, "://", "://user:sesame@", 1)}
	f := Fire(t.Context(), d, Webhook{URL: "http://ci.example.test/hook?a=b"}, documented(t))
	if f.Result != Success || !strings.HasPrefix(got, "POST http://ci.example.test/hook?a=b HTTP/1.1\r\nProxy-Authorization: Basic ") {
		t.Errorf("%s %q", f.Error, got)
	}
	if strings.Contains(string(f.Attempts[0].Sent), "Proxy-Authorization") {
		t.Error("the proxy's password is recorded")
	}
	f = Fire(t.Context(), d, Webhook{URL: "http://other.example.test/"}, documented(t))
	if f.Attempts[0].Failure.Kind != NameUnknown {
		t.Errorf("what was not allowed went through the proxy: %+v", f.Attempts[0])
	}
}

// TestLoopbackNeedsNoProxy: this machine is not where the proxy is, also where its address was allowed by name.
func TestLoopbackNeedsNoProxy(t *testing.T) {
	d := testDeps()
	d.Policy = Policy{Allow: []string{"127.0.0.1", "localhost"}, Proxy: answering(t, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")}
	for _, url := range []string{httpServer(t, ok), strings.Replace(httpServer(t, ok), "127.0.0.1", "localhost", 1)} {
		if f := Fire(t.Context(), d, Webhook{URL: url}, documented(t)); f.Result != Success {
			t.Errorf("%s went through the proxy: %s %+v", url, f.Error, f.Response.Status)
		}
	}
}

func TestProxyTunnelsTLS(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(ok))
	defer s.Close()
	var line string
	proxy := rawServer(t, func(c net.Conn) {
		line, _, _ = strings.Cut(readRequest(c), "\r\n")
		back, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			return
		}
		fmt.Fprint(c, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { io.Copy(back, c); back.Close() }()
		io.Copy(c, back)
	})
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	d := testDeps()
	d.TLS = &tls.Config{RootCAs: roots}
	d.Policy = Policy{Allow: []string{"example.com"}, Proxy: proxy}
	f := Fire(t.Context(), d, Webhook{URL: "https://example.com/"}, documented(t))
	if f.Result != Success || line != "CONNECT example.com:443 HTTP/1.1" {
		t.Errorf("%s %q", f.Error, line)
	}
	refusing := answering(t, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
	d.Policy.Proxy = refusing
	f = Fire(t.Context(), d, Webhook{URL: "https://example.com/"}, documented(t))
	if !strings.Contains(f.Error, "the proxy opens no tunnel to example.com:443: 407") {
		t.Error(f.Error)
	}
}
