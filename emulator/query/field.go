package query

import "strings"

// Field is the canonical name of a field.
type Field string

// The fields. Names of the payload that say the same are synonyms; see [Docs].
const (
	Service        Field = "service"
	Alias          Field = "alias"
	Environment    Field = "environment"
	Result         Field = "result"
	HTTP           Field = "http"
	Status         Field = "status"
	Description    Field = "description"
	DeployNumber   Field = "number"
	Dedup          Field = "dedup"
	URL            Field = "url"
	DeployedAt     Field = "deployed_at"
	Deployer       Field = "deployer"
	DeployerID     Field = "deployer.id"
	DeployerEmail  Field = "deployer.email"
	DeployerName   Field = "deployer.name"
	User           Field = "user"
	SHA            Field = "sha"
	Branch         Field = "branch"
	Message        Field = "message"
	CommitDate     Field = "commit.date"
	Author         Field = "author"
	AuthorName     Field = "commit.author_name"
	AuthorEmail    Field = "commit.author_email"
	AuthoringDate  Field = "commit.authoring_date"
	Committer      Field = "committer"
	CommitterName  Field = "commit.committer_name"
	CommitterEmail Field = "commit.committer_email"
	Finding        Field = "finding"
	Drift          Field = "drift"
	Why            Field = "why"
	Title          Field = "title"
	Detail         Field = "detail"
	Problem        Field = "problem"
	DuplicateOf    Field = "duplicate_of"
	Fault          Field = "fault"
	Template       Field = "template"
	Seq            Field = "seq"
	Kind           Field = "kind"
	Integration    Field = "integration"
	At             Field = "at"
	Newer          Field = "newer"
	Older          Field = "older"
	Method         Field = "method"
	Path           Field = "path"
	Header         Field = "header"
	Body           Field = "body"
)

// Compare says how a value of the query is compared with those of a field.
type Compare string

// The ways to compare.
const (
	// Letter: the whole value, to the letter, as OpsLevel compares aliases.
	Letter Compare = "letter"
	// Fold: the whole value, in upper or lower case; for words that are ours or HTTP's.
	Fold Compare = "fold"
	// Part: anywhere in the value, in upper or lower case; for prose.
	Part Compare = "part"
	// Decimal: as Letter, and as a number where the query gives a range.
	Decimal Compare = "decimal"
	// Number: a whole number or a range.
	Number Compare = "number"
	// Time: a moment, as exact as it is written, or a range.
	Time Compare = "time"
	// Age: how long ago something happened, or a moment.
	Age Compare = "age"
)

// text says whether the field is asked through [Fields.Values].
func (c Compare) text() bool { return c != Number && c != Time && c != Age }

// FieldDoc says what a field is.
type FieldDoc struct {
	Field    Field    `json:"field"`
	Synonyms []string `json:"synonyms,omitempty"`
	Compare  Compare  `json:"compare"`
	// Values are all that the field can hold; empty where it can hold anything.
	Values []string `json:"values,omitempty"`
	// Word says that a word without a field is looked for here.
	Word bool `json:"word,omitempty"`
	// Doc is what the field holds, without a full stop.
	Doc string `json:"doc"`
}

const headerPrefix = string(Header) + "."

// HeaderField is the field that holds the values of one request header: "header.content-type".
func HeaderField(name string) Field { return Field(headerPrefix + strings.ToLower(name)) }

// lookup finds a field by its name or a synonym, in upper or lower case.
func lookup(name string) (FieldDoc, bool) {
	name = strings.ToLower(name)
	for i := range fieldDocs {
		d := &fieldDocs[i]
		if string(d.Field) == name {
			return *d, true
		}
		for _, s := range d.Synonyms {
			if s == name {
				return *d, true
			}
		}
	}
	if h, ok := strings.CutPrefix(name, headerPrefix); ok && h != "" {
		return FieldDoc{Field: HeaderField(h), Compare: Letter, Doc: "the request header " + h}, true
	}
	return FieldDoc{}, false
}
