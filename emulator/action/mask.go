package action

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// masker takes secrets out of a record. The templates are rendered a second time with masked secrets, so what is
// recorded of them never held any; the masker is for what comes back: an answer or an error that repeats them, and
// secrets that somebody wrote into a template as plain text.
type masker struct {
	secrets []string
	learned int
}

// minSecret: a shorter text would be found everywhere by accident.
const minSecret = 4

func (m *masker) add(secret string) {
	if len(secret) < minSecret || strings.Contains(secret, Mask) {
		return
	}
	quoted, _ := json.Marshal(secret) // a string cannot fail
	for _, form := range []string{
		secret, string(quoted[1 : len(quoted)-1]), url.QueryEscape(secret), url.PathEscape(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.URLEncoding.EncodeToString([]byte(secret)),
		base64.RawStdEncoding.EncodeToString([]byte(secret)),
	} {
		if !slices.Contains(m.secrets, form) {
			m.secrets = append(m.secrets, form)
		}
	}
	slices.SortFunc(m.secrets, func(a, b string) int { return len(b) - len(a) }) // a secret inside another goes last
}

// maxLearned bounds what is learnt of the texts of one firing.
const maxLearned = 50

// learn adds what a text with real secrets has in place of the masked one: also what a filter made of a secret.
func (m *masker) learn(real, masked string) {
	a, b := strings.Split(real, "\n"), strings.Split(masked, "\n")
	if len(a) != len(b) {
		a, b = []string{real}, []string{masked}
	}
	for i := range a {
		if a[i] != b[i] && m.learned < maxLearned {
			before := len(m.secrets)
			if m.add(difference(a[i], b[i])); len(m.secrets) > before {
				m.learned++
			}
		}
	}
}

// difference is a without what both begin and end with.
func difference(a, b string) string {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return a[start : len(a)-end]
}

func (m *masker) text(s string) string {
	for _, secret := range m.secrets {
		s = strings.ReplaceAll(s, secret, Mask)
	}
	return s
}

// cut is text, and a secret that was cut off at the end goes too.
func (m *masker) cut(s string) string {
	s = m.text(s)
	for _, secret := range m.secrets {
		for n := min(len(secret)-1, len(s)); n >= minSecret; n-- {
			if strings.HasSuffix(s, secret[:n]) {
				s = s[:len(s)-n] + Mask
				break
			}
		}
	}
	return s
}

func (m *masker) raw(text json.RawMessage) json.RawMessage {
	tree, err := parseTree(text)
	if err != nil || len(m.secrets) == 0 {
		return text
	}
	return writeTree(mapStrings(tree, m.text))
}

// firing masks the whole record.
func (m *masker) firing(f *Firing) {
	if f.Webhook.SigningSecret != "" {
		f.Webhook.SigningSecret = Mask
	}
	if len(m.secrets) == 0 {
		return
	}
	m.webhook(&f.Webhook)
	f.Context = contextFrom(mapStrings(f.Context.tree(), m.text).(*object))
	m.request(&f.Request)
	for part, spans := range f.Spans {
		spans = slices.Clone(spans)
		for i := range spans {
			spans[i].Expression = m.text(spans[i].Expression)
		}
		f.Spans[part] = spans
	}
	for i := range f.Attempts {
		m.attempt(&f.Attempts[i])
	}
	f.Response.Headers, f.Response.Body = m.raw(f.Response.Headers), m.raw(f.Response.Body)
	f.RenderedResponse, f.Error = m.text(f.RenderedResponse), m.text(f.Error)
	f.Problems = slices.Clone(f.Problems)
	for i := range f.Problems {
		p := &f.Problems[i]
		p.Expression, p.Message, p.Cure = m.text(p.Expression), m.text(p.Message), m.text(p.Cure)
	}
}

func (m *masker) webhook(w *Webhook) {
	w.URL, w.Payload, w.ResponseTemplate = m.text(w.URL), m.text(w.Payload), m.text(w.ResponseTemplate)
	headers := make(map[string]string, len(w.Headers))
	for k, v := range w.Headers {
		headers[k] = m.text(v)
	}
	if w.Headers != nil {
		w.Headers = headers
	}
}

// Unmasked is the webhook of a record, fit to be fired again: what was masked in it comes from now, the webhook as it is
// defined today, where that still is what was recorded. ok is false where it is not, for then nobody knows what was sent.
func Unmasked(d Deps, recorded, now Webhook) (w Webhook, ok bool) {
	m, ok := d.masker(now), true
	whole := func(was, is string) string {
		if !strings.Contains(was, Mask) {
			return was
		}
		ok = ok && m.text(is) == was
		return is
	}
	w = recorded
	w.URL, w.Payload = whole(recorded.URL, now.URL), whole(recorded.Payload, now.Payload)
	w.ResponseTemplate = whole(recorded.ResponseTemplate, now.ResponseTemplate)
	if recorded.SigningSecret != "" {
		w.SigningSecret = now.SigningSecret
		ok = ok && now.SigningSecret != ""
	}
	if recorded.Headers != nil {
		w.Headers = make(map[string]string, len(recorded.Headers))
		for name, value := range recorded.Headers {
			w.Headers[name] = whole(value, now.Headers[name])
		}
	}
	return w, ok
}

func (m *masker) request(r *Request) {
	r.URL, r.Target, r.Body = m.text(r.URL), m.text(r.Target), Bytes(m.text(string(r.Body)))
	m.headers(r.Headers)
}

func (m *masker) headers(h []Header) {
	for i := range h {
		h[i].Value = m.text(h[i].Value)
	}
}

func (m *masker) attempt(a *Attempt) {
	a.URL, a.Sent = m.text(a.URL), Bytes(m.text(string(a.Sent)))
	if a.Failure != nil {
		a.Failure.Message = m.text(a.Failure.Message)
	}
	if a.Response != nil {
		a.Response.Reason, a.Response.Body = m.text(a.Response.Reason), Bytes(m.cut(string(a.Response.Body)))
		m.headers(a.Response.Headers)
	}
}

// plainCredentials are secrets that stand in the webhook itself: a password in the URL, a credential header without
// Liquid. They are not declared as secrets, and have no more business in a record.
func plainCredentials(w Webhook) []string {
	var out []string
	if u, err := url.Parse(w.URL); err == nil && u.User != nil {
		if password, ok := u.User.Password(); ok {
			out = append(out, password)
		} else {
			out = append(out, u.User.Username()) // a name without a password is a token
		}
	}
	for name, value := range w.Headers {
		if !carriesCredential(name) || strings.Contains(value, "{{") || strings.Contains(value, "{%") {
			continue
		}
		value = strings.TrimSpace(value)
		value = strings.TrimSpace(value[strings.IndexByte(value, ' ')+1:]) // behind "Bearer", "Basic", "Token"
		if len(value) >= 8 {
			out = append(out, value)
		}
	}
	return out
}

func carriesCredential(name string) bool {
	name = strings.ToLower(name)
	return name == "cookie" || strings.HasSuffix(name, "authorization") || strings.HasSuffix(name, "token") ||
		strings.HasSuffix(name, "api-key") || strings.HasSuffix(name, "apikey") || strings.Contains(name, "secret") || strings.Contains(name, "password")
}
