package action

import (
	"fmt"
	"slices"
	"strings"
)

// Dispute is a path of the context on which OpsLevel's page, its example and its published rendering of 2026 differ.
type Dispute struct {
	// Path has [*] for list items. What lies below it is disputed too.
	Path string `json:"path"`
	// Documented and Published say what stands there in each.
	Documented string `json:"documented"`
	Published  string `json:"published_2026"`
	// Cure says how to write a template that works with both.
	Cure string `json:"cure"`
}

// Disputes are all of them. A test derives them from the two profiles and compares.
func Disputes() []Dispute {
	const (
		useID   = "Read id instead."
		asText  = "Treat it as text, and do not rely on its form."
		neither = "Do not rely on it: check for it with {% if %}."
	)
	out := []Dispute{
		{"user.gravatar_url", "named by the page's table; its example has gravatar_src", "absent: gravatar_src", "Read gravatar_src, or both: {{ user.gravatar_src | default: user.gravatar_url }}."},
		{"user.sign_in_count", "absent", "a number", neither},
		{"user.deactivated_at", "ISO 8601 with six digits", "YYYY-MM-DD HH:MM:SS UTC", "Put it through the date filter."},
		{"service.href", "/services/<slug>", "/components/<slug>", "Build the link from service.slug."},
		{"service.service_stat", "an object", "null for a new service", "Check for it with {% if %}."},
		{"service.alert_sources", "absent", "a list", neither},
		{"service.tools", "absent", "a list", neither},
		{"service.service_repositories[*].id", "a number", "a global id", asText},
		{"service.service_repositories[*].gid", "a global id", "absent: id is the global id", useID},
		{"service.service_repositories[*].repository.id", "a number", "a global id", asText},
		{"service.service_repositories[*].repository.gid", "a global id", "absent: id is the global id", useID},
		{"service.service_repositories[*].repository.branch_protection", "false", "null", "Test it with {% if %}: both count as false."},
		{"service.service_repositories[*].repository.created_on", "ISO 8601 with six digits", "YYYY-MM-DD HH:MM:SS UTC", "Put it through the date filter."},
	}
	for _, list := range []string{"service.tags[*]", "service.owner.tags[*]"} {
		out = append(out,
			Dispute{list + ".gid", "a global id", "absent: id is the global id", useID},
			Dispute{list + ".locker_kind", "absent", "a text or null", neither},
			Dispute{list + ".locker_url", "absent", "a text or null", neither},
		)
	}
	for _, team := range []string{"service.owner", "action_owner"} {
		out = append(out,
			Dispute{team + ".manager", "a user", "the inspect text of a Ruby object: #<User:0x...>", "Leave the manager out, or name the team's contacts."},
			Dispute{team + ".has_checks", "absent", "a boolean", neither},
			Dispute{team + ".alias", "absent", "the slug", "Read slug."},
			Dispute{team + ".aliases", "absent", "a list", neither},
			Dispute{team + ".contacts[*].id", "a number", "a global id", asText},
			Dispute{team + ".contacts[*].contact_method", "lower case in the page's table, capitals in its example", "capitals", "Put it through the downcase filter before you compare."},
		)
	}
	return append(out, Dispute{"action_owner.tags", "absent", "a list, as far as it is known", neither})
}

// disputeIndex is the disputes by the first step of their path.
type disputeIndex map[string][]indexedDispute

type indexedDispute struct {
	steps []string
	Dispute
}

func disputedPaths() disputeIndex {
	x := disputeIndex{}
	for _, d := range Disputes() {
		steps := pathSteps(d.Path)
		x[steps[0]] = append(x[steps[0]], indexedDispute{steps, d})
	}
	return x
}

// of finds the dispute about a path as a template reads it: "service.tags[0].gid", "service.tags.first.gid".
func (x disputeIndex) of(path string) (Dispute, bool) {
	asked := pathSteps(path)
	if len(asked) == 0 {
		return Dispute{}, false
	}
	for _, d := range x[asked[0]] {
		if samePath(d.steps, asked) {
			return d.Dispute, true
		}
	}
	return Dispute{}, false
}

// pathSteps splits a path; an item of a list is "[]", and a name in brackets is a name.
func pathSteps(path string) []string {
	var steps []string
	for _, piece := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' }) {
		index, bracket := strings.CutSuffix(piece, "]")
		name := strings.Trim(index, `"'`)
		switch {
		case bracket && name == index, piece == "first", piece == "last":
			steps = append(steps, "[]")
		default:
			steps = append(steps, name)
		}
	}
	return steps
}

func samePath(dispute, asked []string) bool {
	return len(asked) >= len(dispute) && slices.Equal(dispute, asked[:len(dispute)])
}

// maxDisputes bounds what is told of one template: after so many, the point is made.
const maxDisputes = 50

// Disputed are the problems of the disputed paths that a template names, one for each place, for those who render it
// without firing it.
func Disputed(template string) []Problem { return disputes("", template) }

// disputes are the problems of the disputed paths that a template names, one for each place.
func disputes(part, template string) []Problem {
	var out []Problem
	known := disputedPaths()
	for _, r := range readsOf(template) {
		d, ok := known.of(r.path)
		if !ok {
			continue
		}
		line, column := placeOf([]byte(template), r.offset)
		out = append(out, Problem{
			ID: "context.disputed", Severity: Warning, Part: part, Line: line, Column: column, Expression: r.expression,
			Message: fmt.Sprintf("OpsLevel's own sources differ on %s. Its page: %s. Its published rendering of 2026: %s.", r.path, d.Documented, d.Published),
			Cure:    d.Cure,
		})
		if len(out) == maxDisputes {
			break
		}
	}
	return out
}
