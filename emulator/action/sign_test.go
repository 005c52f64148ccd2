package action

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sort"
	"strings"
	"testing"
)

func TestSignHoldsThePublishedVectors(t *testing.T) {
	for _, v := range []struct{ secret, timing, want string }{
		{"somesecrethere", "1726164245", "89649e9d66e0f48c8a6e67fc12197d68dbcb91710391555fcf3a59d8757bf63b"},
		{"OpslevelWebhookSecret", "123456", "ee9eac178fe5cd260ff1d6f9fedcc409c6389ea5718ec44c8e266c6128770233"},
	} {
		if got := Sign(v.secret, []Header{{TimingHeader, v.timing}}, nil); got != "sha256="+v.want {
			t.Errorf("%s: %s", v.secret, got)
		}
	}
}

// ruleVerifies is a verifier written from the documented rule alone: it shares no code with Sign or Verify. configured
// are the action's own headers as its author wrote them.
func ruleVerifies(secret string, configured []string, r *http.Request, body []byte) error {
	names := append([]string{"X-OpsLevel-Timing"}, configured...)
	if r.Header.Get("X-OpsLevel-Action-Uuid") != "" {
		names = append(names, "X-OpsLevel-Action-Uuid")
	}
	sort.Strings(names)
	var content []string
	for _, n := range names {
		content = append(content, n+":"+r.Header.Get(n))
	}
	mac := hmac.New(sha256.New, []byte(secret))
	io.WriteString(mac, strings.Join(content, ",")+"+"+string(body))
	if want := fmt.Sprintf("sha256=%x", mac.Sum(nil)); r.Header.Get("X-OpsLevel-Signature") != want {
		return fmt.Errorf("signature %q, and it should be %s of %q", r.Header.Get("X-OpsLevel-Signature"), want, content)
	}
	return nil
}

func TestIndependentVerifierAcceptsEveryRequest(t *testing.T) {
	var verdict error
	var headers []string
	url := httpServer(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		verdict = ruleVerifies("hush-hush", headers, r, body)
	})
	hostile, _ := NamedContext("hostile")
	for name, w := range map[string]Webhook{
		"plain":        {Payload: `{"a":1}`},
		"async":        {Payload: `{"a":1}`, Async: true},
		"no body":      {Method: "GET"},
		"delete":       {Method: "DELETE", Payload: "{}"},
		"lower case":   {Headers: map[string]string{"content-type": "application/json", "x-lower": " blanks around \t"}, Payload: "{}"},
		"own headers":  {Headers: map[string]string{"Authorization": "Token token={{ 's' | secret }}", "Zeta": "z", "Alpha": "a,b+c:d", "Émpty": ""}, Payload: "x", Async: true},
		"hostile text": {Headers: map[string]string{"X-Note": "{{ service.product | jsonify }}"}, Payload: "{{ service.name }}\u2028{{ service.product }}"},
	} {
		delete(w.Headers, "Émpty")
		w.URL, w.SigningSecret = url, "hush-hush"
		headers = sortedNames(w.Headers)
		for _, c := range []Context{documented(t), hostile} {
			d := testDeps()
			d.Secrets = map[string]string{"s": "deep-secret"}
			verdict = errors.New("nothing arrived")
			f := Fire(t.Context(), d, w, c)
			if verdict != nil || f.Result == Failure {
				t.Errorf("%s: %v, %s %s", name, verdict, f.Result, f.Error)
			}
			if sent, _ := find(f.Request.Headers, ActionUUIDHeader); (sent == f.ID) != w.Async {
				t.Errorf("%s: the action uuid is %q", name, sent)
			}
		}
	}
}

func TestUnsignedWithoutASecret(t *testing.T) {
	f := Fire(t.Context(), testDeps(), Webhook{URL: httpServer(t, ok)}, documented(t))
	for _, name := range []string{SignatureHeader, TimingHeader, ActionUUIDHeader} {
		if v, there := find(f.Request.Headers, name); there {
			t.Errorf("%s: %s", name, v)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	body := []byte("{}")
	good := []Header{{TimingHeader, "1"}, {"X-Own", "v"}}
	signed := append([]Header{{SignatureHeader, Sign("s", good, body)}}, good...)
	for name, c := range map[string]struct {
		secret  string
		names   []string
		headers []Header
		body    string
		want    error
	}{
		"good":            {"s", []string{"X-Own"}, signed, "{}", nil},
		"another body":    {"s", []string{"X-Own"}, signed, "{} ", ErrBadSignature},
		"another secret":  {"t", []string{"X-Own"}, signed, "{}", ErrBadSignature},
		"case of a name":  {"s", []string{"x-own"}, signed, "{}", ErrBadSignature},
		"header missing":  {"s", []string{"X-Own", "X-More"}, signed, "{}", ErrBadSignature},
		"no signature":    {"s", nil, good, "{}", ErrUnsigned},
		"no timing":       {"s", nil, signed[:1], "{}", ErrNoTiming},
		"changed headers": {"s", []string{"X-Own"}, []Header{signed[0], signed[1], {"X-Own", "w"}}, "{}", ErrBadSignature},
	} {
		if err := Verify(c.secret, c.names, c.headers, []byte(c.body)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
