package finding

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// names are the findings about the names of the parameters, and about values of a type that OpsLevel does not take.
func names(c *Case, f []Finding) []Finding {
	if c.Wire.LooksLikeJSON && (c.Wire.Body == Form || c.Wire.Body == Other) {
		return f // the only name is the whole text
	}
	var o odd
	for key, v := range c.Params.All() {
		switch {
		case key == "deployer" || key == "commit":
			o.object(key, v)
		case topField(key):
			o.scalar("", key, v)
		case key == "_json":
			o.wrong = append(o.wrong, param{"", key, v})
		case !railsField(key):
			o.strange(param{"", key, v})
		}
	}
	f = fieldInQuery(c, f)
	if len(o.wrong)+len(o.unknown) == 0 {
		return f
	}
	return o.findings(c, f)
}

// topField says whether the page lists a field of the main object (or the OpsLevel CLI sends it: status).
func topField(key string) bool {
	switch key {
	case "service", "description", "deployed_at", "environment", "deploy_url", "deploy_number", "dedup_id", "status", "deployer", "commit":
		return true
	}
	return false
}

func deployerField(key string) bool { return key == "email" || key == "name" || key == "id" }

func commitField(key string) bool {
	switch key {
	case "sha", "message", "branch", "date", "authoring_date", "committer_name", "committer_email", "author_name", "author_email":
		return true
	}
	return false
}

// railsField says whether a parameter belongs to the URL: Rails' own, and the agent that the Jenkins plugin adds.
func railsField(key string) bool {
	switch key {
	case "agent", "uuid", "format", "action", "controller", "utf8", "authenticity_token":
		return true
	}
	return false
}

// param is a parameter with the object that holds it; in is empty for the main object.
type param struct {
	in, key string
	value   any
}

func (p param) name() string { return dotted(p.in, p.key) }

func (p param) compare(o param) int {
	return cmp.Or(strings.Compare(p.in, o.in), strings.Compare(p.key, o.key))
}

func dotted(in, key string) string {
	if in == "" {
		return key
	}
	return in + "." + key
}

// odd collects what is odd about the parameters. Its lists are nil for nearly every request.
type odd struct {
	wrong, unknown []param
	more           int // unknown ones that are not in the list
}

// maxStrange is how many unknown parameters are looked at: the first by name, so that the findings do not depend on
// the order of the names and a body of a million names costs little.
const maxStrange = 64

func (o *odd) strange(p param) {
	i, _ := slices.BinarySearchFunc(o.unknown, p, param.compare)
	if len(o.unknown) == maxStrange {
		o.more++
		if i == maxStrange {
			return
		}
		o.unknown = o.unknown[:maxStrange-1]
	}
	o.unknown = slices.Insert(o.unknown, i, p)
}

// object looks at the deployer or the commit.
func (o *odd) object(in string, v any) {
	m, ok := v.(*deploy.Object)
	if !ok {
		if !blankValue(v) {
			o.wrong = append(o.wrong, param{"", in, v})
		}
		return
	}
	for key, v := range m.All() {
		if in == "deployer" && deployerField(key) || in == "commit" && commitField(key) {
			o.scalar(in, key, v)
		} else {
			o.strange(param{in, key, v})
		}
	}
}

func (o *odd) scalar(in, key string, v any) {
	if _, ok := v.(string); !ok && !blankValue(v) {
		o.wrong = append(o.wrong, param{in, key, v})
	}
}

// blankValue is what Rails holds for absent.
func blankValue(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	case *deploy.Object:
		return v.Len() == 0
	}
	return false
}

// maxNamed is how many parameters a request may have named; the others are counted.
const maxNamed = 8

// findings says what is odd about the parameters that were collected.
func (o *odd) findings(c *Case, f []Finding) []Finding {
	slices.SortFunc(o.wrong, param.compare)
	for _, p := range o.wrong {
		f = append(f, wrongType(p))
	}
	var rest []string
	meant := 0
	for _, p := range o.unknown {
		field, sure := meaning(p)
		if field == "" || meant == maxNamed {
			rest = append(rest, quote(p.name()))
			continue
		}
		meant++
		f = append(f, misnamed(c, p, field, sure))
	}
	if len(rest) == 0 {
		return f
	}
	return append(f, unknownFields(rest, o.more))
}

func unknownFields(names []string, more int) Finding {
	list := strings.Join(names[:min(len(names), maxNamed)], ", ")
	if more += max(0, len(names)-maxNamed); more > 0 {
		list += " and " + strconv.Itoa(more) + " more"
	}
	return Finding{
		ID: "field.unknown", Severity: Note,
		Evidence:    "OpsLevel's page does not list " + list + ".",
		Explanation: "OpsLevel ignores what it does not know, without a word.",
		Cure:        "Nothing to do if nobody expects to see it in OpsLevel; otherwise put it into the description.",
	}
}

// misnamed is a parameter that was meant as another: one that is written otherwise, or that stands elsewhere.
func misnamed(c *Case, p param, field string, sure bool) Finding {
	in, _, nested := strings.Cut(field, ".")
	if !nested {
		in = ""
	}
	x := Finding{
		ID: "field.unknown", Severity: Warning, Field: p.name(),
		Evidence:    "OpsLevel does not know " + quote(p.name()) + "; did you mean " + field + "?",
		Explanation: "OpsLevel ignores what it does not know, without a word, so the value is lost.",
		Cure:        "Send it as " + field + ".",
	}
	if in != p.in {
		x.ID = "field.misplaced"
		x.Evidence = quote(p.name()) + " stands where OpsLevel does not look; it belongs to " + field + "."
		x.Cure = "Move it: " + place(field) + "."
	}
	switch _, text := p.value.(string); {
	case !sure || present(c, field):
		x.Severity = Note
	case field == "environment" && text:
		x.Severity = Silent
		x.Explanation = noEnvironment
	}
	return x
}

// noEnvironment is what it costs when the environment is not understood.
const noEnvironment = "OpsLevel ignores it without a word and records the deploy for no environment, so the one that was meant never shows it."

// place shows where a field belongs, as JSON.
func place(field string) string {
	in, key, nested := strings.Cut(field, ".")
	if !nested {
		return `{"` + field + `": ...} at the top`
	}
	return `{"` + in + `": {"` + key + `": ...}}`
}

// present says whether a request has a value for a field under its right name.
func present(c *Case, field string) bool {
	in, key, nested := strings.Cut(field, ".")
	if !nested {
		return !blankValue(c.Params.Get(field))
	}
	m, _ := c.Params.Get(in).(*deploy.Object)
	return !blankValue(m.Get(key))
}

// fieldInQuery says that a field in the query string wins over the one in the body.
func fieldInQuery(c *Case, f []Finding) []Finding {
	query := c.Wire.query()
	if query == "" || c.Wire.Body == Empty {
		return f
	}
	for pair := range strings.SplitSeq(query, "&") {
		key, _, _ := strings.Cut(pair, "=")
		object, _, _ := strings.Cut(key, "[")
		if !topField(object) {
			continue
		}
		f = append(f, Finding{
			ID: "field.misplaced", Severity: Warning, Field: object,
			Evidence:    object + " stands in the query string of the URL.",
			Explanation: "A value in the query string wins over the one in the body, for every deploy that is sent to this URL.",
			Cure:        "Take it out of the integration URL and send it in the body.",
		})
	}
	return f
}
