package liquid

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

func runeCount(s string) int { return utf8.RuneCountInString(s) }

// textOf is the text of a filter's input or argument, counted as work.
func (r *run) textOf(v Value) (string, error) {
	s, err := r.text(v)
	if err == nil {
		err = r.work(len(s))
	}
	return s, err
}

// textFilter makes a filter of a function on text that grows it at most tenfold.
func textFilter(f func(string) string) func(*run, Value, []Value) (Value, error) {
	return func(r *run, in Value, _ []Value) (Value, error) {
		s, err := r.textOf(in)
		if err != nil {
			return nil, err
		}
		return r.limited(f(s))
	}
}

// limited refuses a string that has become too long.
func (r *run) limited(s string) (Value, error) {
	if err := r.checkString(len(s)); err != nil {
		return nil, err
	}
	return s, nil
}

func strip(s string) string  { return strings.Trim(s, stripped) }
func lstrip(s string) string { return strings.TrimLeft(s, stripped) }
func rstrip(s string) string { return strings.TrimRight(s, stripped) }

func newlineToBr(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "<br />\n")
}

func stripNewlines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", ""), "\n", "")
}

func squishFilter(r *run, in Value, _ []Value) (Value, error) {
	if in == nil {
		return nil, nil
	}
	s, err := r.textOf(in)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	gap := false
	for _, c := range strip(s) {
		if c < 0x80 && isSpace(byte(c)) {
			gap = true
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(c)
	}
	return b.String(), nil
}

// Ruby maps whole strings: ß becomes SS, and a capital İ keeps its dot.

func upcase(s string) string {
	return mapCase(s, unicode.ToUpper, specialUpper)
}

func downcase(s string) string {
	return mapCase(s, unicode.ToLower, specialLower)
}

func capitalize(s string) string {
	if s == "" {
		return ""
	}
	_, size := utf8.DecodeRuneInString(s)
	return mapCase(s[:size], unicode.ToTitle, specialTitle) + downcase(s[size:])
}

func mapCase(s string, one func(rune) rune, special func(rune) string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i, c := range s {
		switch {
		case c == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			b.WriteByte(s[i])
		case c < utf8.RuneSelf:
			b.WriteRune(one(c))
		default:
			if t := special(c); t != "" {
				b.WriteString(t)
			} else {
				b.WriteRune(one(c))
			}
		}
	}
	return b.String()
}

var htmlEscapes = strings.NewReplacer("&", "&amp;", ">", "&gt;", "<", "&lt;", `"`, "&quot;", "'", "&#39;")

func escapeFilter(r *run, in Value, args []Value) (Value, error) {
	if in == nil {
		return nil, nil
	}
	return textFilter(htmlEscapes.Replace)(r, in, args)
}

// escapeOnce leaves &name; and &#123; alone.
func escapeOnce(s string) string {
	var b strings.Builder
	last := 0
	for i := 0; i < len(s); i++ {
		if s[i] == '&' && isEntity(s[i+1:]) || strings.IndexByte(`&<>"'`, s[i]) < 0 {
			continue
		}
		b.WriteString(s[last:i])
		b.WriteString(htmlEscapes.Replace(s[i : i+1]))
		last = i + 1
	}
	b.WriteString(s[last:])
	return b.String()
}

// isEntity matches (?:[a-zA-Z]+|#\d+);
func isEntity(s string) bool {
	i := 0
	if strings.HasPrefix(s, "#") {
		i = digitsEnd(s, 1)
		return i > 1 && i < len(s) && s[i] == ';'
	}
	for i < len(s) && isLetter(s[i]) && s[i] != '_' {
		i++
	}
	return i > 0 && i < len(s) && s[i] == ';'
}

// stripHTML removes scripts, comments and styles with their content, then tags.
func stripHTML(s string) string {
	s = removeBlocks(s)
	var b strings.Builder
	for {
		start := strings.IndexByte(s, '<')
		if start < 0 {
			break
		}
		end := strings.IndexByte(s[start:], '>')
		if end < 0 {
			break
		}
		b.WriteString(s[:start])
		s = s[start+end+1:]
	}
	b.WriteString(s)
	return b.String()
}

func removeBlocks(s string) string {
	pairs := [...][2]string{{"<script", "</script>"}, {"<!--", "-->"}, {"<style", "</style>"}}
	var none [len(pairs)]bool // a closing that does not come is searched for once
	var b strings.Builder
	last := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '<' {
			continue
		}
		for k, pair := range pairs {
			if none[k] || !strings.HasPrefix(s[i:], pair[0]) {
				continue
			}
			n := strings.Index(s[i+len(pair[0]):], pair[1])
			if n < 0 {
				none[k] = true
				continue
			}
			b.WriteString(s[last:i])
			last = i + len(pair[0]) + n + len(pair[1])
			i = last - 1
			break
		}
	}
	b.WriteString(s[last:])
	return b.String()
}

func appendFilter(r *run, in Value, args []Value) (Value, error)  { return r.concatText(in, args[0]) }
func prependFilter(r *run, in Value, args []Value) (Value, error) { return r.concatText(args[0], in) }

func (r *run) concatText(x, y Value) (Value, error) {
	a, err := r.textOf(x)
	if err != nil {
		return nil, err
	}
	b, err := r.textOf(y)
	if err != nil {
		return nil, err
	}
	if err := r.checkString(len(a) + len(b)); err != nil {
		return nil, err
	}
	return a + b, nil
}

func base64Encode(r *run, in Value, _ []Value) (Value, error) {
	return r.encode64(in, base64.StdEncoding)
}

func base64URLEncode(r *run, in Value, _ []Value) (Value, error) {
	return r.encode64(in, base64.URLEncoding)
}

func (r *run) encode64(in Value, e *base64.Encoding) (Value, error) {
	s, err := r.textOf(in)
	if err != nil {
		return nil, err
	}
	if err := r.checkString(e.EncodedLen(len(s))); err != nil {
		return nil, err
	}
	return e.EncodeToString([]byte(s)), nil
}

func base64Decode(r *run, in Value, _ []Value) (Value, error) {
	return r.decode64(in, base64.StdEncoding, "invalid base64 provided to base64_decode")
}

func base64URLDecode(r *run, in Value, _ []Value) (Value, error) {
	return r.decode64(in, base64.URLEncoding, "invalid base64 provided to base64_url_safe_decode")
}

func (r *run) decode64(in Value, e *base64.Encoding, refusal string) (Value, error) {
	if _, isString := in.(string); !isString {
		return nil, argumentError(refusal)
	}
	s, err := r.textOf(in)
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(s, "\r\n") {
		return nil, argumentError(refusal) // Go would skip them
	}
	if e == base64.URLEncoding && len(s)%4 != 0 && !strings.HasSuffix(s, "=") {
		s += strings.Repeat("=", 4-len(s)%4)
	}
	b, err := e.Strict().DecodeString(s)
	if err != nil {
		return nil, argumentError(refusal)
	}
	return string(b), nil
}

func urlEncode(r *run, in Value, _ []Value) (Value, error) {
	if in == nil {
		return nil, nil
	}
	s, err := r.textOf(in)
	if err != nil {
		return nil, err
	}
	if err := r.checkString(len(s)); err != nil {
		return nil, err
	}
	const hex = "0123456789ABCDEF"
	b := make([]byte, 0, len(s)+16)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isWord(c) || c == '-' || c == '.' || c == '*' || c == '~':
			b = append(b, c)
		case c == ' ':
			b = append(b, '+')
		default:
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return r.limited(string(b))
}

func urlDecode(r *run, in Value, _ []Value) (Value, error) {
	if in == nil {
		return nil, nil
	}
	s, err := r.textOf(in)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			b = append(b, ' ')
		case s[i] == '%' && i+2 < len(s) && digitValue(s[i+1]) >= 0 && digitValue(s[i+2]) >= 0:
			b = append(b, byte(digitValue(s[i+1])<<4|digitValue(s[i+2])))
			i += 2
		default:
			b = append(b, s[i])
		}
	}
	if !utf8.Valid(b) {
		return nil, argumentError("invalid byte sequence in UTF-8")
	}
	return string(b), nil
}
