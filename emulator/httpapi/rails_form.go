package httpapi

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// Limits of Rack 2.2's query parser.
const (
	maxFormBytes    = 4 << 20
	maxFormParams   = 4096
	maxFormDepth    = 100
	maxFormKeySpace = 65536
)

// parseFormBody reads a URL-encoded body. Rack drops one NUL at its end, which old versions of Safari sent.
func parseFormBody(body string) (deploy.Params, *paramError) {
	return parseForm(strings.TrimSuffix(body, "\x00"), "&")
}

// parseForm reads "a=1&b[c]=2&d[]=3". The separators are & in a body, & and ; in a query string; blanks after one are
// skipped.
func parseForm(s, separators string) (deploy.Params, *paramError) {
	if len(s) > maxFormBytes {
		return nil, &paramError{what: fmt.Sprintf("total query size exceeds limit (%d)", maxFormBytes)}
	}
	count := 1
	for i := range len(separators) {
		count += strings.Count(s, separators[i:i+1])
	}
	if count > maxFormParams {
		return nil, &paramError{what: fmt.Sprintf("total number of query parameters (%d) exceeds limit (%d)", count, maxFormParams)}
	}
	tree := newFormHash()
	for s != "" {
		pair := s
		if i := strings.IndexAny(s, separators); i >= 0 {
			pair, s = s[:i], strings.TrimLeft(s[i+1:], " ")
		} else {
			s = ""
		}
		if err := tree.addPair(pair); err != nil {
			return nil, err
		}
	}
	return tree.params()
}

// addPair adds "name=value". A name without = has the value nil.
func (h *formHash) addPair(pair string) *paramError {
	if pair == "" {
		return nil
	}
	rawName, rawValue, hasValue := strings.Cut(pair, "=")
	name, err := unescapeForm(rawName)
	if err != nil {
		return err
	}
	if !utf8.ValidString(name) {
		return &paramError{what: "a name is not valid UTF-8: " + quoted(strings.ToValidUTF8(name, "\uFFFD")), notUTF8: true}
	}
	var value any
	if hasValue {
		text, err := unescapeForm(rawValue)
		if err != nil {
			return err
		}
		value = text
	}
	_, err = h.add(name, value, maxFormDepth)
	return err
}

// unescapeForm undoes the encoding of a form: + is a blank, %XX a byte.
func unescapeForm(s string) (string, *paramError) {
	if strings.IndexByte(s, '%') < 0 {
		return strings.ReplaceAll(s, "+", " "), nil
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '+':
			b.WriteByte(' ')
		case '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return "", &paramError{what: "invalid %-encoding (" + strings.ToValidUTF8(clip(s, 80), "\uFFFD") + ")"}
			}
			b.WriteByte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			i += 2
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
