package liquid

import "strings"

// Problems of output that is meant to be JSON: the template's own text is read
// as JSON, and each value is judged by whether it stands inside a string.

func (r *run) checkJSON(output string) {
	switch r.input.Format {
	case Text:
		return
	case Guess:
		if !looksLikeJSON(output) {
			return
		}
	}
	breaker := r.checkEmbedded(output)
	d := jsonReader{s: output, skip: true}
	d.value()
	d.space()
	if d.err == nil && d.i < len(d.s) {
		d.fail("unexpected " + d.found() + " after the document")
	}
	if d.err != nil {
		r.invalidJSON(output, d.err, breaker)
	}
}

// looksLikeJSON tells that output starts as JSON does; text in square brackets
// must end so, too, because links in Markdown start with one.
func looksLikeJSON(output string) bool {
	s := strings.Trim(output, rubySpace)
	if s == "" {
		return false
	}
	next := strings.TrimLeft(s[1:], rubySpace)
	switch {
	case s[0] == '{':
		return next == "" || next[0] == '"' || next[0] == '}'
	case s[0] == '[':
		return next == "" || s[len(s)-1] == ']' && (strings.IndexByte(`"{[]-`, next[0]) >= 0 || isDigit(next[0]))
	}
	return false
}

// checkEmbedded reads the output as JSON, values in strings aside, and judges
// those. It answers the first piece that breaks its string.
func (r *run) checkEmbedded(output string) (breaker *piece) {
	inString, escaped, done := false, false, 0
	read := func(to int) {
		for ; done < to; done++ {
			switch c := output[done]; {
			case escaped:
				escaped = false
			case inString && c == '\\':
				escaped = true
			case c == '"':
				inString = !inString
			}
		}
	}
	for i := range r.log.pieces {
		p := &r.log.pieces[i]
		read(p.start)
		if p.kind == textPiece || !inString {
			read(p.end)
			continue
		}
		if r.judge(p, output[p.start:p.end]) && breaker == nil {
			breaker = p
		}
		done, escaped = p.end, false
	}
	return breaker
}

// judge notes what is wrong with a value inside a JSON string, and tells
// whether it breaks the string.
func (r *run) judge(p *piece, s string) (breaks bool) {
	if p.variable == nil {
		return false
	}
	broken, escapes := stringContent(s)
	quotesIt := p.variable.last() == "jsonify" && s != "" && strings.IndexByte("\"{[", s[0]) >= 0
	id, severity := JSONUnescaped, Error
	switch {
	case quotesIt:
		broken = true
	case broken:
	case escapes && len(p.variable.filters) == 0:
		severity = Warning
	case p.kind == stringPiece && !p.variable.safeInJSON():
		id, severity = JSONUnsafe, Note
	default:
		return false
	}
	if !r.once(p.head, -2, string(severity)) {
		return broken
	}
	expr := p.variable.source
	found := Problem{ID: id, Severity: severity, Expression: expr, Offset: p.start,
		Cure: "Take away the quotes and let jsonify write them: {{ " + p.variable.bare() + " | jsonify }}."}
	switch {
	case quotesIt:
		found.Message = "jsonify writes quotes of its own, and " + expr + " stands in quotes already."
		found.Cure = "Take away the quotes around {{ " + expr + " }}."
	case severity == Error:
		found.Message = "The value of " + expr + " holds a quote, a backslash or a line break that ends or breaks the JSON string it stands in."
	case severity == Warning:
		found.Message = "The value of " + expr + " holds a backslash, which JSON reads as the start of an escape."
	default:
		found.Message = expr + " stands in a JSON string without escaping; a quote, a backslash or a line break in it would break the JSON."
	}
	r.add(found, p.head.source, p.head.off)
	return broken
}

// stringContent tells whether s cannot stand inside a JSON string, and whether
// it holds escapes.
func stringContent(s string) (broken, escapes bool) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ' || c == '"':
			if !escapes {
				return true, false
			}
		case c == '\\':
			escapes = true
		}
	}
	if !escapes {
		return false, false
	}
	d := jsonReader{s: "\"" + s + "\""}
	d.string()
	return d.err != nil || d.i < len(d.s), true
}

// last is the name of the last filter.
func (v *variable) last() string {
	if n := len(v.filters); n > 0 {
		return v.filters[n-1].name
	}
	return ""
}

// bare is the expression without a jsonify or an unknown filter at its end.
func (v *variable) bare() string {
	if n := len(v.filters); v.last() != "jsonify" && (n == 0 || v.filters[n-1].filter != nil) {
		return v.source
	}
	return strings.TrimRight(v.source[:strings.LastIndexByte(v.source, '|')], rubySpace)
}

// safeInJSON tells that no value of the expression can break a JSON string.
func (v *variable) safeInJSON() bool {
	switch v.last() {
	case "":
		_, isLiteral := v.from.(literal)
		return isLiteral
	case "url_encode", "base64_encode", "base64_url_safe_encode", "date", "size", "secret", "jsonify":
		return true
	}
	return false
}

// invalidJSON maps the place where the output stops being JSON back to the template.
func (r *run) invalidJSON(output string, err *JSONError, breaker *piece) {
	p := breaker
	if p == nil || p.start > err.Offset {
		p = r.blame(output, err.Offset)
	}
	line, column := lineColumn(output, err.Offset)
	found := Problem{ID: JSONInvalid, Severity: Error, Offset: err.Offset,
		Message: "The output is not JSON: " + err.Message + " at line " + scalarText(int64(line)) + ", column " + scalarText(int64(column)) + " of the output.",
		Cure:    "Mend the JSON of the template at this place."}
	if p == nil {
		r.log.problems = append(r.log.problems, found)
		return
	}
	off := p.head.off
	switch {
	case p.kind == textPiece:
		off += min(max(err.Offset-p.start, 0), p.head.length)
	case p.kind == errorPiece:
		found.Expression = p.expression()
		found.Cure = "Mend the expression, which prints an error."
	default:
		found.Expression = p.expression()
		found.Cure = "Let jsonify write the value, without quotes around it: {{ " + found.Expression + " | jsonify }}."
		if p.variable != nil {
			found.Cure = "Let jsonify write the value, without quotes around it: {{ " + p.variable.bare() + " | jsonify }}."
		}
		if p.start == p.end {
			found.Message = found.Message[:len(found.Message)-1] + "; " + found.Expression + " rendered as nothing there."
		}
	}
	r.add(found, p.head.source, off)
}

// blame is the piece at an offset: a value that ends there in nothing, or what
// wrote the byte.
func (r *run) blame(output string, off int) *piece {
	solid := len(strings.TrimRight(output[:off], rubySpace))
	var at *piece
	for i := range r.log.pieces {
		p := &r.log.pieces[i]
		if p.start > off {
			break
		}
		if p.kind != textPiece && p.start == p.end && p.start >= solid {
			return p
		}
		if p.end > off || p.end > p.start {
			at = p
		}
	}
	return at
}
