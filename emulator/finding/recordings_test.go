package finding

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// broken are the recordings of senders that OpsLevel refuses, with the finding that says why.
var broken = map[string]string{
	"10-no-service.http":                         "sender.broken_yaml",
	"33-action-broken-yaml-quote.http":           "sender.broken_yaml",
	"43-octopus-unquoted-colon-breaks-yaml.http": "sender.broken_yaml",
	"curl-forgot-content-type.http":              "body.form_encoded_json",
	"node-fetch-noct.http":                       "body.text_plain_json",
	"curl-post301.req2.http":                     "wire.redirect",
	"curl-L-post301-noX.req2.http":               "wire.redirect",
	"redir301.req2.http":                         "wire.redirect",
	"21-redirect-301.req2.http":                  "wire.redirect",
	"nodeployedat.http":                          "silent.rejected",
}

// TestRecordings reads what real senders sent: a healthy one never gets a silent finding, a broken one always.
func TestRecordings(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/captures/*/*.http")
	if len(files) == 0 {
		t.Skip("the recordings are not beside this checkout")
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			c := recorded(t, file)
			f := Of(c)
			sane(t, f)
			want, bad := broken[name]
			switch {
			case bad && (Worst(f) != Silent || find(f, want) == nil):
				t.Errorf("got %q, want a silent finding and %s", ids(f), want)
			case !bad && Worst(f) == Silent:
				t.Errorf("a healthy sender got %q", ids(f))
			}
			if c.Deploy.DedupID == "" {
				return
			}
			again := recorded(t, file)
			again.Original = &Prior{Seq: 1, Deploy: &c.Deploy, Service: c.Service}
			again.Outcome.Result = deploy.Duplicate
			again.Deploy.DeployedAt = again.Deploy.DeployedAt.Add(3 * time.Second)
			if f := Of(again); !bad && (Worst(f) == Silent || find(f, "sender.retry") == nil) {
				t.Errorf("its retry got %q", ids(f))
			}
		})
	}
}

// recorded makes a case of a recording, with its alias in the catalog and its own deployed_at as the time of day.
func recorded(t *testing.T, file string) *Case {
	t.Helper()
	h, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	r, err := http.ReadRequest(bufio.NewReader(h))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(r.Body)
	c := &Case{
		Wire: Wire{
			Method: r.Method, Path: r.RequestURI, ContentType: r.Header.Get("Content-Type"), Body: Other,
			LooksLikeJSON: strings.HasPrefix(string(b), "{"), UserAgent: r.UserAgent(), Referer: r.Referer(), BodyPrefix: string(b[:min(len(b), 200)]),
		},
		Standing: Live, CatalogGiven: true, Integration: catalog.Integration{Type: "deploy"}, Now: testNow,
	}
	switch {
	case len(b) == 0:
		c.Wire.Body = Empty
		c.Params = deploy.NewObject(0)
	case strings.HasPrefix(c.Wire.ContentType, "application/json"):
		c.Wire.Body = JSON
		c.Params = params(string(b))
	case strings.Contains(c.Wire.ContentType, "form"):
		c.Wire.Body = Form
		c.Params = deploy.ObjectOf(formParams(string(b)))
	default:
		c.Params = deploy.NewObject(0)
	}
	judge(c)
	if c.Deploy.DeployedAt.After(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)) {
		c.Now = c.Deploy.DeployedAt.Add(time.Second)
	}
	if len(c.Problems) == 0 {
		c.Service, c.Outcome.Result = c.Deploy.Service, "ok"
	}
	return c
}

// formParams reads the simple forms of the recordings: a=b&c[d]=e, not escaped.
func formParams(body string) map[string]any {
	p := map[string]any{}
	if strings.HasPrefix(body, "{") {
		return p
	}
	for pair := range strings.SplitSeq(body, "&") {
		key, value, _ := strings.Cut(pair, "=")
		object, field, nested := strings.Cut(strings.TrimSuffix(key, "]"), "[")
		if !nested {
			p[key] = value
			continue
		}
		if p[object] == nil {
			p[object] = map[string]any{}
		}
		p[object].(map[string]any)[field] = value
	}
	return p
}
