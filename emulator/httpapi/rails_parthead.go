package httpapi

import (
	"regexp"
	"strings"
	"sync"
)

// multipartForms are the patterns of a part's head, compiled when the first multipart body comes.
type multipartForms struct{ boundary, mediaType, name, id, disposition, parameter, filename *regexp.Regexp }

var multipartPatterns = sync.OnceValue(func() *multipartForms {
	const (
		token     = `[^\s()<>,;:\\"/\[\]?=]+`
		value     = `("(?:\\"|[^"])*"|` + token + `)`
		attribute = `[^ \x00-\x1f\x7f)(><@,;:\\"/\[\]?='*%]`
		extended  = `(` + attribute + `+(?:\*0)?\*)=([a-zA-Z0-9-]*'[a-zA-Z0-9-]*'(?:%[0-9a-fA-F]{2}|` + attribute + `)*)`
		parameter = `;\s*(?:(` + attribute + `+(?:\*[0-9]+)?)=` + value + `|` + extended + `)\s*`
	)
	re := regexp.MustCompile
	return &multipartForms{
		boundary:    re(`(?i)^multipart/.*?boundary(\s*)="?([^";,]+)"?`),
		mediaType:   re(`(?i)Content-Type: (.*)\r\n`),
		name:        re(`(?i)Content-Disposition:[^:]*;\s*name=` + value),
		id:          re(`(?i)Content-ID:\s*([^\r\n]*)`),
		disposition: re(`(?im)^Content-Disposition:\s*` + token + `\s*(?:` + parameter + `)+$`),
		parameter:   re(parameter),
		filename:    re(`(?im)^Content-Disposition:\s*` + token + `\s*.*;\s*filename=` + value),
	}
})

// headOf reads the name, the media type and the file name of a part. A part without a name goes by its file name or its
// media type.
func headOf(head string) formPart {
	re := multipartPatterns()
	var p formPart
	p.mediaType = firstGroup(re.mediaType, head)
	p.filename, p.file = filenameOf(head)
	if g := re.name.FindStringSubmatch(head); g != nil {
		p.name = unquote(g[1])
	} else {
		p.name = firstGroup(re.id, head)
	}
	switch {
	case p.name != "":
	case p.file:
		p.name = p.filename
	case p.mediaType != "":
		p.name = p.mediaType + "[]"
	default:
		p.name = "text/plain[]"
	}
	return p
}

// filenameOf is the file name in a head, which makes its part a file.
func filenameOf(head string) (name string, file bool) {
	re := multipartPatterns()
	if !re.disposition.MatchString(head) {
		g := re.filename.FindStringSubmatch(head)
		if g == nil {
			return "", false
		}
		return unquote(g[1]), true
	}
	for _, g := range re.parameter.FindAllStringSubmatch(head, -1) {
		switch {
		case g[1] == "filename":
			return unquote(g[2]), true
		case g[3] == "filename*":
			name, file = g[4][strings.LastIndexByte(g[4], '\'')+1:], true
		}
	}
	return name, file
}

func firstGroup(re *regexp.Regexp, s string) string {
	if g := re.FindStringSubmatch(s); g != nil {
		return g[1]
	}
	return ""
}

// unquote takes the quotes and the backslashes off a quoted value.
func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && s[i+1] != '\n' {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
