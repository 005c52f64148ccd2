package action

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// UserAgent is what requests carry, unless the webhook sets its own. What OpsLevel sends is not known.
const UserAgent = "OpsLevel (bubblelevel)"

// defaultContentType is sent with a payload, unless the webhook sets its own.
const defaultContentType = "application/json"

// outgoing is a request that was rendered and judged, ready to be signed.
type outgoing struct {
	method  string
	headers []headerLine // configured, as they go onto the wire
	payload text
	async   string // the uuid of an async action
	secret  string // the signing secret
}

// headerLine is one configured header, its value trimmed as HTTP trims it.
type headerLine struct {
	name  string
	value text
}

// reservedHeaders are made by the delivery itself.
func reservedHeaders() []string {
	return []string{
		"host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect",
		"proxy-authorization", "proxy-connection", strings.ToLower(SignatureHeader), strings.ToLower(TimingHeader),
		strings.ToLower(ActionUUIDHeader),
	}
}

// lines judges the rendered headers: false where one cannot be sent, and then nothing is. Problems go to the firing.
func (r *rendered) lines(f *Firing) ([]headerLine, bool) {
	var out []headerLine
	fine := true
	for _, name := range r.names {
		value := r.headers[name]
		p := Problem{Part: PartHeader + name, Rendered: true}
		switch {
		case slices.Contains(reservedHeaders(), strings.ToLower(name)):
			p.ID, p.Severity = "header.reserved", Warning
			p.Message = fmt.Sprintf("%s is not sent as configured: the delivery sets it itself.", name)
			p.Cure = "Leave it out."
		case !sendable(value.real):
			fine = false
			p.ID, p.Severity = "header.line_break", Error
			p.Message = fmt.Sprintf("The value of %s has a line break or a control character in it, so the request cannot be sent.", name)
			p.Cure = "Take it out with the strip filter; a block text in YAML ends in a line break unless it begins with >- or |-."
			f.Error = "Nothing was sent: " + p.Message
		default:
			out = append(out, headerLine{name, text{strings.Trim(value.real, " \t"), strings.Trim(value.shown, " \t")}})
			if strings.TrimSpace(value.real) == "" {
				p.ID, p.Severity = "header.blank", Warning
				p.Message = fmt.Sprintf("%s is sent without a value: its template renders to nothing.", name)
				p.Cure = "Check the names in the template, and that the secret exists."
			}
		}
		if p.ID != "" {
			f.Problems = append(f.Problems, p)
		}
	}
	return out, fine
}

// sendable: no control characters but the tab (RFC 9110, field values).
func sendable(value string) bool {
	return strings.IndexFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) < 0
}

func (o outgoing) has(name string) bool {
	return slices.ContainsFunc(o.headers, func(h headerLine) bool { return strings.EqualFold(h.name, name) })
}

// packet is one request as bytes, real and as it may be recorded.
type packet struct {
	real, shown []byte
	headers     []Header // as recorded
	signed      []string
}

// packet signs and writes the request for a target; proxied: in the form for a proxy.
func (o outgoing) packet(t target, proxied bool, now time.Time) packet {
	body := []byte(o.payload.real)
	lines := o.defaults(t)
	var signed []Header
	for _, h := range o.headers {
		lines = append(lines, h)
		signed = append(signed, Header{h.name, h.value.real})
	}
	own := []Header{}
	if o.async != "" {
		own = append(own, Header{ActionUUIDHeader, o.async})
	}
	var names []string
	if o.secret != "" {
		own = append(own, Header{TimingHeader, strconv.FormatInt(now.Unix(), 10)})
		signed = append(signed, own...)
		names = sortedHeaderNames(signed)
		own = append(own, Header{SignatureHeader, Sign(o.secret, signed, body)})
	}
	if len(body) > 0 || o.method == "POST" || o.method == "PUT" || o.method == "PATCH" {
		own = append(own, Header{"Content-Length", strconv.Itoa(len(body))})
	}
	own = append(own, Header{"Connection", "close"})
	for _, h := range own {
		lines = append(lines, headerLine{h.Name, text{h.Value, h.Value}})
	}
	return o.write(text{line(t.url, proxied), line(t.masked, proxied)}, lines, names)
}

// defaults are the headers that a request has whether or not the webhook sets any.
func (o outgoing) defaults(t target) []headerLine {
	plain := func(name, value string) headerLine { return headerLine{name, text{value, value}} }
	lines := []headerLine{{"Host", text{t.url.Host, t.masked.Host}}}
	if !o.has("User-Agent") {
		lines = append(lines, plain("User-Agent", UserAgent))
	}
	if !o.has("Accept") {
		lines = append(lines, plain("Accept", "*/*"))
	}
	if !o.has("Content-Type") && o.payload.real != "" {
		lines = append(lines, plain("Content-Type", defaultContentType))
	}
	if u := t.url; u.User != nil && !o.has("Authorization") {
		password, _ := u.User.Password()
		value := "Basic " + base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+password))
		lines = append(lines, headerLine{"Authorization", text{value, "Basic " + Mask}})
	}
	return lines
}

func (o outgoing) write(line text, lines []headerLine, signed []string) packet {
	p := packet{signed: signed}
	var real, shown bytes.Buffer
	real.WriteString(o.method + " " + line.real + " HTTP/1.1\r\n")
	shown.WriteString(o.method + " " + line.shown + " HTTP/1.1\r\n")
	for _, h := range lines {
		real.WriteString(h.name + ": " + h.value.real + "\r\n")
		shown.WriteString(h.name + ": " + h.value.shown + "\r\n")
		p.headers = append(p.headers, Header{h.name, strings.ToValidUTF8(h.value.shown, "\ufffd")})
	}
	real.WriteString("\r\n" + o.payload.real)
	shown.WriteString("\r\n" + o.payload.shown)
	p.real, p.shown = real.Bytes(), shown.Bytes()
	return p
}

func sortedHeaderNames(headers []Header) []string {
	var names []string
	for _, h := range headers {
		names = append(names, h.Name)
	}
	slices.Sort(names)
	return names
}

// judgePayload tells of a body that is announced as JSON and is none. It is sent all the same: the wire stays what
// OpsLevel's would be. What the renderer has told already is not told twice.
func (r rendered) judgePayload(told []Problem) []Problem {
	shown := []byte(r.payload.shown)
	if len(shown) == 0 || !r.isJSON() {
		return nil
	}
	_, err := parseTree(shown)
	if err == nil || slices.ContainsFunc(told, func(p Problem) bool { return p.ID == JSONInvalid && p.Part == PartPayload }) {
		return nil
	}
	p := Problem{
		ID: "payload.not_json", Severity: Error, Part: PartPayload, Rendered: true,
		Message: fmt.Sprintf("The payload is sent as %s, and it is not JSON: %v.", r.contentType(), err),
		Cure:    "Write values with {{ ... | jsonify }} and without quotes around them: quotes and line breaks in a name break a hand-written string.",
	}
	p.Line, p.Column, _ = syntaxPlace(shown, err)
	return []Problem{p}
}
