package query

import "strings"

// misnomers are names that people bring along from elsewhere, and what they mean here.
var misnomers = [...][2]string{
	{"svc", "service"}, {"app", "service"}, {"component", "service"}, {"name", "service"},
	{"by", "deployer"}, {"who", "deployer"}, {"email", "deployer.email"}, {"code", "http"}, {"http_status", "http"},
	{"status_code", "http"}, {"response", "http"}, {"id", "dedup"}, {"no", "number"}, {"commit", "sha"}, {"ref", "branch"},
	{"uuid", "integration"}, {"lane", "integration"}, {"severity", "finding"}, {"since", "newer"}, {"after", "newer"},
	{"age", "newer"}, {"until", "older"}, {"before", "older"}, {"date", "at"}, {"time", "at"}, {"type", "kind"},
	{"error", "title"}, {"text", "body"}, {"payload", "body"}, {"is", "result"}, {"exists", "has"}, {"duplicate", "duplicate_of"},
}

// suggestField names the field that was meant, or nothing.
func suggestField(name string) string {
	name = strings.ToLower(name)
	for _, m := range misnomers {
		if m[0] == name {
			return m[1]
		}
	}
	for _, prefix := range []string{"deploy.", "request.", "event.", "payload."} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			if _, known := lookup(rest); known {
				return rest
			}
		}
	}
	return nearest(name, fieldNames())
}

// fieldNames are all names that can stand before a colon and name a field.
func fieldNames() (names []string) {
	for _, d := range fieldDocs {
		names = append(append(names, string(d.Field)), d.Synonyms...)
	}
	return append(names, "has", "not")
}

// nearest is the word that was probably meant: one that contains s, or one that differs in few letters.
func nearest(s string, words []string) (best string) {
	s = strings.ToLower(s)
	fewest := 1 + max(1, len(s)/3)
	for _, w := range words {
		if d := letters(s, strings.ToLower(w)); d < fewest {
			best, fewest = w, d
		}
	}
	if best != "" || len(s) < 3 {
		return best
	}
	for _, w := range words {
		if strings.Contains(strings.ToLower(w), s) {
			return w
		}
	}
	return ""
}

// lettersCompared bounds the work of comparing two long values.
const lettersCompared = 64

// letters counts the letters to add, drop or change to make b of a (the Levenshtein distance), in bytes.
func letters(a, b string) int {
	a, b = a[:min(len(a), lettersCompared)], b[:min(len(b), lettersCompared)]
	var row [lettersCompared + 1]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost = 1 + min(corner, row[j], row[j+1])
			}
			corner, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
