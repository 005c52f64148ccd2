package httpapi

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// maxNesting is how deep Ruby's JSON.parse lets arrays and objects nest.
const maxNesting = 100

// pinnedBody is the size of a body from which strings are copied out of it, so that what is kept of a deploy does not
// keep a large body alive with it.
const pinnedBody = 8 << 10

// parseJSON reads a body as Rails reads JSON: what Ruby's JSON.parse takes (comments and odd escapes too), the last of
// equal keys, and anything but an object under the key _json. Numbers keep their text.
//
// It exists because encoding/json is more than twice as slow and differs: it takes invalid UTF-8 and deeper nesting,
// and refuses comments.
func parseJSON(body string) (deploy.Params, *paramError) {
	j := jsonReader{s: body, clone: len(body) > pinnedBody}
	j.checkUTF8 = !utf8.ValidString(j.s)
	j.blanks()
	v := j.value(1)
	if j.err == "" {
		if j.blanks(); j.err == "" && j.pos < len(j.s) {
			j.fail("there is more text after the end of the document")
		}
	}
	if j.err != "" {
		return nil, j.failure()
	}
	if o, ok := v.(*deploy.Object); ok {
		return o, nil
	}
	o := deploy.NewObject(1)
	o.Set("_json", v)
	return o, nil
}

// jsonReader reads JSON from s at pos until err is set.
type jsonReader struct {
	s      string
	pos    int
	err    string
	failed int // where err was found
	// clone copies strings; checkUTF8 says that somewhere in s is text that is not UTF-8.
	clone, checkUTF8 bool
	notUTF8          bool
	// commit says that the value which comes next is the commit of a deploy.
	commit bool
}

// fail keeps the first error, found at pos.
func (j *jsonReader) fail(what string) any {
	if j.err == "" {
		j.err, j.failed = what, j.pos
	}
	return nil
}

// failure is the error with the line and column of where reading stopped, both from 1, the column in characters.
func (j *jsonReader) failure() *paramError {
	before := j.s[:j.failed]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return &paramError{
		what:    fmt.Sprintf("the body is not valid JSON: line %d, column %d: %s", line, column, j.err),
		notUTF8: j.notUTF8,
	}
}

// value reads one value; depth is the nesting that an array or object here would have.
func (j *jsonReader) value(depth int) any {
	if j.pos == len(j.s) {
		return j.fail("the text ends where a value should begin")
	}
	switch c := j.s[j.pos]; {
	case c == '"':
		s := j.text(true)
		if j.err != "" {
			return nil
		}
		return s
	case c == '{':
		return j.object(depth)
	case c == '[':
		return j.array(depth)
	case c == '-' || c >= '0' && c <= '9':
		return j.number()
	case c == 't' && j.word("true"):
		return true
	case c == 'f' && j.word("false"):
		return false
	case c == 'n' && j.word("null"):
		return nil
	}
	return j.unexpected("a value")
}

func (j *jsonReader) word(w string) bool {
	if !strings.HasPrefix(j.s[j.pos:], w) {
		return false
	}
	j.pos += len(w)
	return true
}

func (j *jsonReader) object(depth int) any {
	if depth > maxNesting {
		return j.fail(fmt.Sprintf("arrays and objects are nested deeper than %d", maxNesting))
	}
	size := 0
	if depth == 1 || j.commit {
		size, j.commit = 12, false
	}
	o := deploy.NewObject(size)
	j.pos++
	if j.blanks(); j.next('}') {
		return o
	}
	for j.err == "" {
		if j.pos == len(j.s) || j.s[j.pos] != '"' {
			return j.unexpected(`a key in double quotes`)
		}
		key := j.text(false)
		if j.blanks(); !j.next(':') {
			return j.unexpected(`":" after a key`)
		}
		j.blanks()
		j.commit = key == "commit"
		o.Set(key, j.value(depth+1))
		j.blanks()
		if j.next('}') && j.err == "" {
			return o
		}
		if !j.next(',') {
			return j.unexpected(`"," or "}"`)
		}
		j.blanks()
	}
	return nil
}

func (j *jsonReader) array(depth int) any {
	if depth > maxNesting {
		return j.fail(fmt.Sprintf("arrays and objects are nested deeper than %d", maxNesting))
	}
	list := []any{}
	j.pos++
	if j.blanks(); j.next(']') {
		return list
	}
	for j.err == "" {
		list = append(list, j.value(depth+1))
		j.blanks()
		if j.next(']') && j.err == "" {
			return list
		}
		if !j.next(',') {
			return j.unexpected(`"," or "]"`)
		}
		j.blanks()
	}
	return nil
}

// next steps over c if it comes next.
func (j *jsonReader) next(c byte) bool {
	if j.err != "" || j.pos == len(j.s) || j.s[j.pos] != c {
		return false
	}
	j.pos++
	return true
}

// number reads a number and keeps its text.
func (j *jsonReader) number() any {
	start := j.pos
	j.next('-')
	first := j.pos
	if j.digits() == 0 {
		return j.unexpected("a digit")
	}
	if j.s[first] == '0' && j.pos > first+1 {
		j.pos = first + 1
		return j.fail("a number does not begin with 0")
	}
	if j.next('.') && j.digits() == 0 {
		return j.unexpected("a digit after the decimal point")
	}
	if j.next('e') || j.next('E') {
		if !j.next('+') {
			j.next('-')
		}
		if j.digits() == 0 {
			return j.unexpected("a digit of the exponent")
		}
	}
	return json.Number(j.keep(j.s[start:j.pos]))
}

func (j *jsonReader) digits() int {
	start := j.pos
	for j.pos < len(j.s) && j.s[j.pos] >= '0' && j.s[j.pos] <= '9' {
		j.pos++
	}
	return j.pos - start
}

func (j *jsonReader) keep(s string) string {
	if j.clone {
		return strings.Clone(s)
	}
	return s
}
