package action

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// plainRenderer knows {{ path }}, {{ path | jsonify }}, {{ 'alias' | secret }} and {{ 'alias' | secret | base64 }}. It
// stands for Liquid in these tests; a template with {% broken fails.
type plainRenderer struct{}

func (plainRenderer) Render(_ context.Context, r Rendering) (Rendered, error) {
	if strings.Contains(r.Template, "{% broken") {
		return Rendered{Output: "half"}, errors.New("Liquid syntax error: 'broken' is not a tag")
	}
	tree, err := parseTree(r.Context)
	if err != nil {
		return Rendered{}, err
	}
	var out Rendered
	out.Output = regexp.MustCompile(`\{\{\s*(.*?)\s*\}\}`).ReplaceAllStringFunc(r.Template, func(tag string) string {
		words := strings.Fields(strings.Trim(tag, "{} "))
		if strings.HasPrefix(words[0], "'") {
			value := r.Secrets[strings.Trim(words[0], "'")]
			if r.Mask {
				value = Mask
			}
			if words[len(words)-1] == "base64" {
				value = base64.StdEncoding.EncodeToString([]byte(value))
			}
			return value
		}
		out.Spans = append(out.Spans, Span{Expression: words[0], Line: 1})
		v, _ := lookup(tree, words[0])
		if len(words) > 1 {
			return string(writeTree(v))
		}
		switch v := v.(type) {
		case nil:
			return ""
		case string:
			return v
		case json.Number:
			return string(v)
		}
		return string(writeTree(v))
	})
	return out, nil
}

// lookup follows a dotted path; [n] picks an item.
func lookup(v any, path string) (any, bool) {
	for _, step := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		switch x := v.(type) {
		case *object:
			var there bool
			if v, there = x.values[step]; !there {
				return nil, false
			}
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n >= len(x) {
				return nil, false
			}
			v = x[n]
		default:
			return nil, false
		}
	}
	return v, true
}

var noon = time.Date(2026, 1, 8, 19, 3, 54, 0, time.UTC)

func testDeps() Deps {
	return Deps{Clock: clock.System{}, IDs: clock.NewSeeded(1), Renderer: plainRenderer{}}
}

func documented(t *testing.T) Context {
	t.Helper()
	c, err := NamedContext("documented")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// rawServer answers every connection with what serve does to it.
func rawServer(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { defer c.Close(); serve(c) })
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	return "http://" + l.Addr().String()
}

// answering is a raw server that reads a request and writes text.
func answering(t *testing.T, text string) string {
	return rawServer(t, func(c net.Conn) {
		readRequest(c)
		fmt.Fprint(c, text)
	})
}

// readRequest reads a whole request as it is on the wire.
func readRequest(c net.Conn) string {
	var got []byte
	buf := make([]byte, 64<<10)
	for {
		n, err := c.Read(buf)
		got = append(got, buf[:n]...)
		head, body, whole := strings.Cut(string(got), "\r\n\r\n")
		length := 0
		if m := regexp.MustCompile(`(?i)content-length: (\d+)`).FindStringSubmatch(head); m != nil {
			length, _ = strconv.Atoi(m[1])
		}
		if whole && len(body) >= length || err != nil {
			return string(got)
		}
	}
}

func httpServer(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// ids are those of the firing's problems.
func ids(f Firing) string {
	var out []string
	for _, p := range f.Problems {
		out = append(out, p.ID)
	}
	return strings.Join(out, " ")
}

func account(t *testing.T) *catalog.Catalog {
	t.Helper()
	k, clashes := catalog.New(catalog.Contents{
		Teams: []catalog.Team{
			{
				Name: "Aes Sedai", Slug: "aes_sedai", Aliases: []string{"sisters"}, Manager: "moirane@example.test",
				Tags: []catalog.Tag{{Key: "tech_lead", Value: "lead@example.test"}},
				Contacts: []catalog.Contact{
					{Address: "#the-white-tower", Method: "slack"},
					{Address: "tower@example.test", Method: "email", DisplayType: "Primary"},
				},
			},
			{Name: "Team A", Slug: "team_a"},
		},
		Users: []catalog.User{
			{Name: "First Last", Email: "first.last@example.test", Role: "admin", APITokenCount: 3, ProvisionedBy: "OpsLevel Admin"},
			{Name: "Moirane Damodred", Email: "moirane@example.test"},
		},
		Services: []catalog.Service{{Name: "Shopping Cart"}},
	})
	if len(clashes) > 0 {
		t.Fatal(clashes)
	}
	return k
}

func django() Template {
	return Template{
		Name: "django-boilerplate", Forge: GitHub, Group: "GROUP", ActionOwner: "team_a",
		Fields: []Field{
			{Name: "full_name", Default: "First Last"},
			{Name: "email", Default: "first.last@example.test"},
			{Name: "project_name", Required: true},
			{Name: "django_version", Default: "4.2.2", Choices: []string{"4.2.2", "5.0"}},
		},
		Service: NewService{Owner: "aes_sedai", Language: "Java", Framework: "Spring", Tags: []catalog.Tag{{Key: "is_approved", Value: "false"}}},
	}
}

func runDjango(t *testing.T, change func(*Template)) RunResult {
	t.Helper()
	tpl := django()
	if change != nil {
		change(&tpl)
	}
	r, err := Run(RunRequest{Template: tpl, Inputs: []Input{{"project_name", "my_project6"}}}, account(t), clock.NewManual(noon), clock.NewSeeded(7))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ok(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }
