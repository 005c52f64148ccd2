package liquid

// The pieces that Ruby Liquid's lax parser finds with regular expressions.
// Each function here is one of those expressions, matched by hand in one pass,
// so that no markup can make it slow.

// quotedEnd matches "[^"]*" or '[^']*' at i; -1 where there is none.
func quotedEnd(s string, i int) int {
	if i >= len(s) || s[i] != '"' && s[i] != '\'' {
		return -1
	}
	for j := i + 1; j < len(s); j++ {
		if s[j] == s[i] {
			return j + 1
		}
	}
	return -1
}

// quotes answers where quoted strings end, remembering that no further quote of
// a kind exists so that unclosed ones are not searched for again and again.
type quotes struct {
	s    string
	none [2]bool
}

func (q *quotes) end(i int) int {
	kind := 0
	if i < len(q.s) && q.s[i] == '"' {
		kind = 1
	}
	if q.none[kind] {
		return -1
	}
	j := quotedEnd(q.s, i)
	if j < 0 && i < len(q.s) && (q.s[i] == '"' || q.s[i] == '\'') {
		q.none[kind] = true
	}
	return j
}

// fragment matches Ruby's QuotedFragment at i: a quoted string, or a run of
// anything but space, comma, pipe and quotes in which quoted strings may stand.
func (q *quotes) fragment(i int) int {
	if j := q.end(i); j >= 0 {
		return j
	}
	return q.run(i)
}

// run matches (?:[^\s,\|'"]|QuotedString)+ at i, -1 if empty.
func (q *quotes) run(i int) int {
	start := i
	for i < len(q.s) {
		c := q.s[i]
		if c == '"' || c == '\'' {
			j := q.end(i)
			if j < 0 {
				break
			}
			i = j
			continue
		}
		if isSpace(c) || c == ',' || c == '|' {
			break
		}
		i++
	}
	if i == start {
		return -1
	}
	return i
}

// find searches for the first QuotedFragment at or after i.
func (q *quotes) find(i int) (start, end int) {
	for ; i < len(q.s); i++ {
		if j := q.fragment(i); j >= 0 {
			return i, j
		}
	}
	return -1, -1
}

func skipSpace(s string, i int) int {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	return i
}

// attribute is one name: value of a tag.
type attribute struct{ name, value string }

// tagAttributes scans for (\w[\w-]*)\s*\:\s*(QuotedFragment).
func tagAttributes(s string) []attribute {
	var found []attribute
	q := quotes{s: s}
	for i := 0; i < len(s); {
		if !isWord(s[i]) {
			i++
			continue
		}
		nameEnd := i + 1
		for nameEnd < len(s) && isSegment(s[nameEnd]) {
			nameEnd++
		}
		value := skipSpace(s, nameEnd)
		if value < len(s) && s[value] == ':' {
			value = skipSpace(s, value+1)
			if end := q.fragment(value); end >= 0 {
				found = append(found, attribute{s[i:nameEnd], s[value:end]})
				i = end
				continue
			}
		}
		// The expression may start later in the same word, but its name must
		// reach the colon, so nothing starts before the word's end.
		i = nameEnd
	}
	return found
}

// wordAfter matches \s+WORD\s+ at i for one of words and answers where it ends.
func wordAfter(s string, i int, words ...string) (word string, end int) {
	j := skipSpace(s, i)
	if j == i {
		return "", -1
	}
	for _, w := range words {
		if len(s)-j >= len(w) && s[j:j+len(w)] == w {
			if k := skipSpace(s, j+len(w)); k > j+len(w) {
				return w, k
			}
		}
	}
	return "", -1
}

// segmentEnd matches [\w-]+ at i; i itself where there is none.
func segmentEnd(s string, i int) int {
	for i < len(s) && isSegment(s[i]) {
		i++
	}
	return i
}

// fragments matches QuotedFragment+ at i: fragments without anything between.
func (q *quotes) fragments(i int) int {
	end := -1
	for {
		j := q.fragment(i)
		if j < 0 {
			return end
		}
		end, i = j, j
	}
}
