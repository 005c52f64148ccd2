package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Completion is one way to go on with a query: Text in the place of everything from byte Start of what was typed.
type Completion struct {
	Start int    `json:"start"`
	Text  string `json:"text"`
	// Doc says what it is; empty for a value.
	Doc string `json:"doc,omitempty"`
}

// Complete goes on with the last term of what was typed up to the cursor: with a field name, or with a value that the
// field can have. values, which may be nil, tells the values seen of a field, the likeliest first; they are quoted here.
func Complete(typed string, values func(Field) []string) []Completion {
	start := lastTerm(typed)
	if strings.HasPrefix(typed[start:], "-") {
		start++
	}
	for len(typed)-start >= 4 && strings.EqualFold(typed[start:start+4], "not:") {
		start += 4
	}
	p := parser{src: typed, pos: start}
	name := p.name()
	switch {
	case name == "":
		return completeName(typed, start, true)
	case strings.EqualFold(name, "has"):
		return completeName(typed, max(p.pos, strings.LastIndexByte(typed, ',')+1), false)
	}
	d, ok := lookup(name)
	if !ok {
		return nil
	}
	return completeValue(typed, lastAlternative(typed, p.pos), string(d.Field)+":", d, values)
}

// lastTerm is the offset of the term in which the text ends.
func lastTerm(s string) (start int) {
	quoted := false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\\' && i+n < len(s):
			_, m := utf8.DecodeRuneInString(s[i+n:])
			n += m
		case r == '"' && (quoted || i == start || strings.IndexByte(":,~-", s[i-1]) >= 0):
			quoted = !quoted
		case unicode.IsSpace(r) && !quoted:
			start = i + n
		}
		i += n
	}
	return start
}

// lastAlternative is the offset of the value in which the text ends.
func lastAlternative(s string, from int) int {
	start, quoted := from, false
	for i := from; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '"' && (quoted || i == start):
			quoted = !quoted
		case s[i] == ',' && !quoted:
			start = i + 1
		}
	}
	return start
}

// completeName offers field names, with a colon behind them and the prefixes has: and not: unless only fields fit.
func completeName(typed string, start int, terms bool) (all []Completion) {
	prefix := strings.ToLower(typed[start:])
	add := func(name, doc string) {
		if strings.HasPrefix(name, prefix) {
			all = append(all, Completion{Start: start, Text: name, Doc: doc})
		}
	}
	for _, d := range fieldDocs {
		if !terms {
			if d.Compare != Age {
				add(string(d.Field), d.Doc)
			}
			continue
		}
		add(string(d.Field)+":", d.Doc)
		for _, s := range d.Synonyms {
			if prefix != "" && !strings.HasPrefix(string(d.Field), prefix) {
				add(s+":", d.Doc)
			}
		}
	}
	if terms {
		add("has:", "the field has a value")
		add("not:", "the term does not hold")
	}
	return all
}

// completeValue offers the values that begin with what was typed from start on, in upper or lower case.
func completeValue(typed string, start int, prefix string, d FieldDoc, values func(Field) []string) (all []Completion) {
	part := typed[start:]
	if part != "" && strings.IndexByte("~/<>'", part[0]) >= 0 && d.Field != Path {
		return nil
	}
	part = strings.ReplaceAll(strings.TrimPrefix(part, `"`), `\`, "")
	seen := map[string]bool{}
	add := func(v string) {
		if v == "" || seen[v] || len(v) < len(part) || !strings.EqualFold(v[:len(part)], part) {
			return
		}
		seen[v] = true
		if v = spellValue(prefix, d, v); v == "" {
			return
		}
		all = append(all, Completion{Start: start, Text: v})
	}
	for _, v := range d.Values {
		add(v)
	}
	for _, v := range examples(d) {
		add(v)
	}
	if values != nil {
		for _, v := range values(d.Field) {
			add(v)
		}
	}
	return all
}

// spellValue is v as it is written behind prefix; empty for what is no value of the field.
func spellValue(prefix string, d FieldDoc, v string) string {
	if d.Compare.text() {
		a := literal(d, v)
		return a.spell(prefix, d.Compare == Part)
	}
	a, ok := measured(d, v)
	if !ok {
		return ""
	}
	return a.src
}

// examples are values that are worth offering although the field can have others.
func examples(d FieldDoc) []string {
	switch d.Field {
	case HTTP:
		return []string{"2xx", "4xx", "5xx"}
	case Status:
		return []string{"success", "failure", "running", "queued", "canceled", "no_status"}
	case Finding:
		return []string{"silent", "warning", "note"}
	case Newer, Older:
		return []string{"5m", "1h", "1d"}
	}
	return nil
}
