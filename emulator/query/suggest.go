package query

import (
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/spell"
)

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

// nearest is the word that was probably meant: one that differs in few letters, else one that contains s.
func nearest(s string, words []string) (best string) {
	if best = spell.Nearest(s, words); best != "" || len(s) < 3 {
		return best
	}
	s = strings.ToLower(s)
	for _, w := range words {
		if strings.Contains(strings.ToLower(w), s) {
			return w
		}
	}
	return ""
}
