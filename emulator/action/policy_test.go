package action

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"
)

func TestHostsThatAreRefused(t *testing.T) {
	dns := names{
		"localhost": "127.0.0.1 ::1", "app.localhost": "127.0.0.1", "rebound.example.test": "10.0.0.8", "metadata.example.test": "169.254.169.254",
		"both.example.test": "203.0.113.9 127.0.0.1", "mapped.example.test": "::ffff:10.0.0.1", "ci.example.test": "203.0.113.9", "dot.example.test": "203.0.113.8", "any.example.test": "0.0.0.0",
		"six.example.test": "fe80::1%eth0",
	}
	allow := []string{"CI.example.test", "10.1.1.1", "box.example.test:8080", "[fd00::1]:99", "dot.example.test."}
	for _, c := range []struct {
		host, port string
		exposed    bool
		want       string // the addresses, or a part of the refusal
		refused    bool
	}{
		{host: "127.0.0.1", want: "127.0.0.1"},
		{host: "127.9.9.9", want: "127.9.9.9"},
		{host: "::1", want: "::1"},
		{host: "localhost", want: "127.0.0.1, ::1"},
		{host: "LOCALHOST.", want: "127.0.0.1, ::1"},
		{host: "localhost.", want: "127.0.0.1, ::1"},
		{host: "app.localhost", want: "127.0.0.1"},
		{host: "::ffff:127.0.0.1", want: "127.0.0.1"},
		{host: "both.example.test", want: "127.0.0.1"},

		{host: "10.0.0.1", refused: true, want: "10.0.0.1 is not this machine"},
		{host: "169.254.169.254", refused: true, want: "not this machine"},
		{host: "8.8.8.8", refused: true, want: "not this machine"},
		{host: "::ffff:10.0.0.1", refused: true, want: "not this machine"},
		{host: "::ffff:a00:1", refused: true, want: "not this machine"},
		{host: "fe80::1%lo", refused: true, want: "not this machine"},
		{host: "::1%lo", refused: true, want: "not this machine"},
		{host: "2001:db8::1", refused: true, want: "not this machine"},
		{host: "0.0.0.0", refused: true, want: "every address"},
		{host: "::", refused: true, want: "every address"},
		{host: "::ffff:0.0.0.0", refused: true, want: "every address"},
		{host: "0", refused: true, want: "unusual spelling"},
		{host: "2130706433", refused: true, want: "unusual spelling"},
		{host: "3232235777", refused: true, want: "unusual spelling"},
		{host: "0177.0.0.1", refused: true, want: "unusual spelling"},
		{host: "127.0.0.01", refused: true, want: "unusual spelling"},
		{host: "0x7f.0.0.1", refused: true, want: "unusual spelling"},
		{host: "0x7f000001", refused: true, want: "unusual spelling"},
		{host: "0X7F000001", refused: true, want: "unusual spelling"},
		{host: "127.1", refused: true, want: "unusual spelling"},
		{host: "127.0.0.1.", want: "127.0.0.1"},
		{host: "127.0.0.1.nip.example.test", refused: true, want: "no such host"},
		{host: "rebound.example.test", refused: true, want: "is at 10.0.0.8, which is not this machine"},
		{host: "metadata.example.test", refused: true, want: "is at 169.254.169.254"},
		{host: "mapped.example.test", refused: true, want: "is at 10.0.0.1"},
		{host: "any.example.test", refused: true, want: "is at 0.0.0.0"},
		{host: "six.example.test", refused: true, want: "not this machine"},

		{host: "ci.example.test", want: "203.0.113.9"},
		{host: "CI.EXAMPLE.test.", want: "203.0.113.9"},
		{host: "dot.example.test", want: "203.0.113.8"},
		{host: "10.1.1.1", want: "10.1.1.1"},
		{host: "::ffff:10.1.1.1", want: "10.1.1.1"},
		{host: "fd00::1", port: "99", want: "fd00::1"},
		{host: "fd00::1", port: "98", refused: true, want: "not this machine"},
		{host: "box.example.test", port: "80", refused: true, want: "no such host"},
		{host: "not-ci.example.test", refused: true, want: "no such host"},
		{host: "ci.example.test.evil.example.test", refused: true, want: "no such host"},

		{host: "127.0.0.1", exposed: true, refused: true, want: "listens beyond loopback"},
		{host: "localhost", exposed: true, refused: true, want: "listens beyond loopback"},
		{host: "::1", exposed: true, refused: true, want: "listens beyond loopback"},
		{host: "::ffff:127.0.0.1", exposed: true, refused: true, want: "listens beyond loopback"},
		{host: "2130706433", exposed: true, refused: true, want: "unusual spelling"},
		{host: "10.0.0.1", exposed: true, refused: true, want: "listens beyond loopback"},
		{host: "ci.example.test", exposed: true, want: "203.0.113.9"},
	} {
		port := c.port
		if port == "" {
			port = "80"
		}
		got, err := Policy{Allow: allow, Exposed: c.exposed}.addresses(context.Background(), dns, c.host, port, false)
		if (err != nil) != c.refused || err != nil && !strings.Contains(err.Error(), c.want) || err == nil && join(got) != c.want {
			t.Errorf("%s (exposed %v): %v, %v", c.host, c.exposed, got, err)
		}
		var r refusal
		if errors.As(err, &r) && r.cure == "" {
			t.Errorf("%s: no cure", c.host)
		}
	}
}

func TestRefusedHostIsAFiringThatSaysSo(t *testing.T) {
	d := testDeps()
	d.Resolver = names{"rebound.example.test": "10.0.0.8"}
	for _, url := range []string{
		"http://10.0.0.1/", "https://rebound.example.test/x", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0:80/", "http://0177.0.0.1/", "http://2130706433/",
		"http://127.0.0.1@10.0.0.1/", "http://[::ffff:a9fe:a9fe]/latest",
	} {
		f := Fire(t.Context(), d, Webhook{URL: url, ResponseTemplate: "{{ status }}"}, documented(t))
		p := f.Problems[0]
		if f.Attempts[0].Failure.Kind != HostRefused || f.Attempts[0].Sent != "" || f.Attempts[0].Address != "" || p.ID != "delivery.host_refused" || p.Cure == "" ||
			!strings.HasPrefix(f.Error, "Nothing was sent: ") || f.RenderedResponse != "FAILURE" {
			t.Errorf("%s: %+v", url, f)
		}
	}
}

// The socket itself refuses what was not judged.
func TestDialChecksTheAddress(t *testing.T) {
	judged := []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}
	for address, want := range map[string]bool{
		"127.0.0.1:80": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true, "127.0.0.2:80": false, "10.0.0.1:80": false, "[::1%lo]:80": false, "nonsense": false,
	} {
		if err := onlyThese(judged)(t.Context(), "tcp", address, nil); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	listening := strings.TrimPrefix(httpServer(t, ok), "http://")
	if conn, err := guarded(judged[1:]).DialContext(t.Context(), "tcp", listening); err == nil || !strings.Contains(err.Error(), "was not judged") {
		t.Errorf("connected to %v, which was not judged: %v", conn, err)
	}
	if conn, err := guarded(judged).DialContext(t.Context(), "tcp", listening); err != nil {
		t.Error(err)
	} else {
		conn.Close()
	}
}

func TestNameThatResolvesDifferentlyTheSecondTimeIsNotAskedAgain(t *testing.T) {
	r := &turncoat{}
	d := testDeps()
	d.Resolver = r
	port := strings.TrimPrefix(httpServer(t, ok), "http://127.0.0.1:")
	f := Fire(t.Context(), d, Webhook{URL: "http://two.example.test:" + port + "/"}, documented(t))
	if f.Result != Success || r.asked != 1 || f.Attempts[0].Address != "127.0.0.1:"+port {
		t.Errorf("asked %d times, %s", r.asked, f.Error)
	}
}

// turncoat answers with loopback once, and then with another host.
type turncoat struct{ asked int }

func (r *turncoat) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	r.asked++
	if r.asked == 1 {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	return []netip.Addr{netip.MustParseAddr("203.0.113.9")}, nil
}
