package emulator_test

import (
	"bufio"
	"bytes"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// recordings are the answers that each recorded request of a real sender must get from an account which knows the
// service shopping_cart alone. A name ends in "*" where all that begin so are answered alike.
var recordings = map[string]struct {
	status int
	result string // what the body must hold
}{
	"argocd-notifications-engine-v0.5.0/nodeployedat":  {400, `"title":"Deployed at Error"`},
	"argocd-notifications-engine-v0.5.0/redir301.req2": {404, `"title":"Not Found"`},
	"argocd-notifications-engine-v0.5.0/*":             {202, `"result":"no_service_found"`},
	"cli-v0.1.0-beta.1/*":                              {202, `"result":"no_service_found"`},
	"cli-v2025.8.25/01-minimal-nogit":                  {202, okBody},
	"cli-v2025.8.25/02-all-flags-nogit":                {202, okBody},
	"cli-v2025.8.25/03-gitrepo":                        {202, okBody},
	"cli-v2025.8.25/05-gitpath":                        {202, okBody},
	"cli-v2025.8.25/10-no-service":                     {400, `"title":"Service Error"`},
	"cli-v2025.8.25/21-redirect-301.req2":              {404, `"title":"Not Found"`},
	"cli-v2025.8.25/33-action-broken-yaml-quote":       {400, `"title":"Service Error"`},
	"cli-v2025.8.25/38-version-ping":                   {200, `"app_version"`},
	"cli-v2025.8.25/43-octopus-unquoted-colon*":        {400, `"title":"Service Error"`},
	"cli-v2025.8.25/*":                                 {202, `"result":"no_service_found"`},
	"generic/curl-L-post301-noX":                       {202, okBody},
	"generic/curl-L-post301-noX.req2":                  {404, `"title":"Not Found"`},
	"generic/curl-doc-json":                            {202, okBody},
	"generic/curl-forgot-content-type":                 {400, `"title":"Service Error"`},
	"generic/curl-form-brackets":                       {202, `"result":"no_service_found"`},
	"generic/curl-jq-charset":                          {202, okBody},
	"generic/curl-json-flag":                           {202, `"result":"no_service_found"`},
	"generic/curl-post301":                             {202, okBody},
	"generic/curl-post301.req2":                        {400, `"title":"Service Error"`},
	"generic/node-fetch-noct":                          {400, `"title":"Service Error"`},
	"generic/python-urllib":                            {202, okBody},
	"generic/ruby-nethttp":                             {202, `"result":"no_service_found"`},
	"segmentio-opslevel-go/redir301.req2":              {404, `"title":"Not Found"`},
	"segmentio-opslevel-go/*":                          {202, `"result":"no_service_found"`},
}

// expected finds the longest row that fits a recording.
func expected(name string) (status int, result string, ok bool) {
	best := -1
	for pattern, want := range recordings {
		prefix, open := strings.CutSuffix(pattern, "*")
		if pattern != name && (!open || !strings.HasPrefix(name, prefix)) {
			continue
		}
		weight := len(prefix)
		if pattern == name {
			weight += 1000
		}
		if weight > best {
			best, status, result, ok = weight, want.status, want.result, true
		}
	}
	return status, result, ok
}

func TestRecordedSenders(t *testing.T) {
	replayAll(t, os.DirFS("testdata/senders"))
}

func TestSharedRecordings(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "captures")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the shared recordings are not here")
	}
	if n := replayAll(t, os.DirFS(dir)); n < len(recordings) {
		t.Errorf("%d recordings were replayed, fewer than the table has rows", n)
	}
}

func replayAll(t *testing.T, dir fs.FS) (n int) {
	names, err := fs.Glob(dir, "*/*.http")
	if err != nil || len(names) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	for _, file := range names {
		t.Run(file, func(t *testing.T) {
			raw, err := fs.ReadFile(dir, file)
			if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimSuffix(file, ".http")
			status, result, ok := expected(name)
			if !ok {
				t.Fatalf("the table says nothing of %s", name)
			}
			s := emulator.Start(t, emulator.Config{})
			got := replay(t, s, raw)
			if got.status != status || !strings.Contains(got.body, result) {
				t.Errorf("answer = %d %s, want %d with %s", got.status, got.body, status, result)
			}
			e := s.Events()[0]
			if _, body, _ := bytes.Cut(raw, []byte("\r\n\r\n")); e.Request.Body != string(body) {
				t.Error("the event does not hold the body as it arrived")
			}
			if e.Why == "" {
				t.Error("the event has no why")
			}
			if status < 300 {
				for _, f := range e.Findings {
					if f.Severity == finding.Silent {
						t.Errorf("a healthy sender has the finding %s: %s", f.ID, f.Evidence)
					}
				}
			}
		})
	}
	return len(names)
}

var lastSegment = regexp.MustCompile(`^(POST|GET) /integrations/deploy/[^/? ]+`)

// replay sends the bytes of a recording to the first integration, over a socket of its own.
func replay(t *testing.T, s *emulator.Server, raw []byte) answer {
	t.Helper()
	raw = lastSegment.ReplaceAll(raw, []byte("$1 /integrations/deploy/"+deployUUID))
	return rawRequest(t, s, raw)
}

// rawRequest sends bytes and reads one answer.
func rawRequest(t *testing.T, s *emulator.Server, raw []byte) answer {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write(raw); err != nil {
		t.Fatal(err)
	}
	return readAnswer(t, conn)
}

func readAnswer(t *testing.T, r io.Reader) answer {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(r), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(b)}
}
