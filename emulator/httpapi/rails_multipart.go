package httpapi

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// Limits of Rack 2.2's multipart parser.
const (
	maxParts     = 4096
	maxFileParts = 128
)

// boundaryOf is the boundary in a multipart content type; ok is false where it has none. A content type that could be
// read in two ways makes Rails ignore the body.
func boundaryOf(contentType string) (boundary string, ok bool, err *paramError) {
	at := multipartPatterns().boundary.FindStringSubmatchIndex(contentType)
	switch {
	case at == nil:
		return "", false, nil
	case at[3] > at[2]:
		return "", true, ignoredBody("white space between boundary and its equal sign")
	case multipartPatterns().boundary.MatchString("multipart/" + contentType[at[1]:]):
		return "", true, ignoredBody("the Content-Type names two boundaries")
	}
	return contentType[at[4]:at[5]], true, nil
}

// ignoredBody is the error of a multipart body after which Rails goes on with the query string alone.
func ignoredBody(why string) *paramError {
	return &paramError{what: "the multipart body cannot be read: " + why, ignored: true}
}

// parseMultipartBody reads a body that its content type calls multipart; without a boundary Rack reads it as a form.
func parseMultipartBody(contentType, body string) (deploy.Params, *paramError) {
	boundary, ok, err := boundaryOf(contentType)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return parseFormBody(body)
	}
	return parseMultipart(body, boundary)
}

// parseMultipart reads a multipart body as Rack does: lines that are a boundary, and between them a head and a value.
func parseMultipart(body, boundary string) (deploy.Params, *paramError) {
	m := multipartReader{s: body, boundary: "--" + boundary}
	parts, err := m.parts()
	if err != nil {
		return nil, err
	}
	tree := newFormHash()
	for _, p := range parts {
		if p.file && p.filename == "" {
			continue // no file was chosen
		}
		if !utf8.ValidString(p.name) {
			return nil, &paramError{what: "a name is not valid UTF-8: " + quoted(strings.ToValidUTF8(p.name, "\uFFFD")), notUTF8: true}
		}
		var value any = p.value
		if p.file {
			value = &formFile{name: p.filename, mediaType: p.mediaType}
		}
		if _, err := tree.add(p.name, value, maxFormDepth); err != nil {
			return nil, err
		}
	}
	return tree.params()
}

// formPart is one part of a multipart body.
type formPart struct {
	name, mediaType, value string
	file                   bool
	filename               string
}

// multipartReader reads s from pos on; boundary has its two dashes.
type multipartReader struct {
	s        string
	pos      int
	boundary string
}

// partMark is what a line between two parts says.
type partMark int

const (
	markNone partMark = iota
	markPart
	markEnd
)

// nextMark steps over lines up to and with one that is a boundary.
func (m *multipartReader) nextMark() partMark {
	for {
		line, _, more := strings.Cut(m.s[m.pos:], "\n")
		m.pos += len(line)
		if more {
			m.pos++
		}
		switch strings.Trim(line, " \t\n\v\f\r\x00") {
		case m.boundary:
			return markPart
		case m.boundary + "--":
			return markEnd
		}
		if m.pos == len(m.s) {
			return markNone
		}
	}
}

func (m *multipartReader) parts() (parts []formPart, err *paramError) {
	first := m.nextMark()
	if first == markEnd && m.pos == len(m.s) && len(m.s) == len(m.boundary+"--\r\n") {
		return nil, nil
	}
	if first == markNone {
		return nil, ignoredBody("its boundary is not in it")
	}
	files := 0
	for {
		p, err := m.part()
		if err != nil {
			return nil, err
		}
		if p.file {
			files++
		}
		parts = append(parts, p)
		if files >= maxFileParts || len(parts) >= maxParts {
			return nil, &paramError{what: fmt.Sprintf("the multipart body has too many parts (%d, of which %d are files)", len(parts), files)}
		}
		if next := m.nextMark(); next == markEnd || next == markNone && m.pos == len(m.s) {
			return parts, nil
		}
	}
}

// part reads one part, up to the line break before the boundary that ends it.
func (m *multipartReader) part() (formPart, *paramError) {
	end := strings.Index(m.s[m.pos:], "\r\n\r\n")
	if end < 0 {
		return formPart{}, ignoredBody("it ends inside the head of a part, which ends with a blank line (CR LF)")
	}
	p := headOf(m.s[m.pos : m.pos+end+2])
	m.pos += end + 4
	length, ok := m.valueLength()
	if !ok {
		return formPart{}, ignoredBody("it ends inside a part")
	}
	p.value = m.s[m.pos : m.pos+length]
	m.pos += length + len("\r\n")
	return p, nil
}

// valueLength is how far it is to the next boundary, without the line break before it.
func (m *multipartReader) valueLength() (int, bool) {
	rest := m.s[m.pos:]
	for from := 0; ; {
		i := strings.Index(rest[from:], m.boundary)
		if i < 0 {
			return 0, false
		}
		i += from
		if after := rest[i+len(m.boundary):]; strings.HasPrefix(after, "\r\n") || strings.HasPrefix(after, "--") {
			return len(strings.TrimSuffix(rest[:i], "\r\n")), true
		}
		from = i + 1
	}
}
