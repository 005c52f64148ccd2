package scenarios

import (
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// Send posts one request to the emulator. Without a body it is the example of OpsLevel's page with a fresh dedup_id.
type Send struct {
	// Integration is the uuid or the name of the one to post to; empty: the account's first. Path is a path of one's own
	// instead ("/api/ping"), and Query a query string behind either.
	Integration string `yaml:"integration"`
	Method      string `yaml:"method"`
	Path        string `yaml:"path"`
	Query       string `yaml:"query"`
	// Headers have one value each, or a list.
	Headers map[string]HeaderValues `yaml:"headers"`
	// The body is one of these: Payload is sent as JSON; Body byte for byte, as is BodyBase64, which is decoded first,
	// and what File holds.
	Payload    *yamlfile.Node `yaml:"payload"`
	Body       *string        `yaml:"body"`
	BodyBase64 string         `yaml:"body_base64"`
	File       string         `yaml:"file"`
	// Set and Remove change a JSON payload by dotted keys ("commit.sha").
	Set    map[string]*yamlfile.Node `yaml:"set"`
	Remove []string                  `yaml:"remove"`
	// Answer is what is expected; nil expects that the deploy is recorded.
	Answer *Answer `yaml:"answer"`
}

// HeaderValues are the values of one header: a text, or a list of them.
type HeaderValues []string

// DecodeYAML reads both forms.
func (h *HeaderValues) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, o yamlfile.Options) ([]yamlfile.Note, error) {
	if text, ok := shorthand(n); ok {
		*h = HeaderValues{text}
		return nil, nil
	}
	var values []string
	notes, err := f.Decode(n, &values, o)
	*h = values
	return notes, err
}

// Answer are matchers on what was answered, and on what the emulator says of it. What it does not name is not looked at;
// where it names none of HTTP, Result, Title and None, the deploy must be recorded.
type Answer struct {
	// HTTP, Headers and Body are the answer on the wire; Raw is the body as the text that it is.
	HTTP    *yamlfile.Node            `yaml:"http"`
	Headers map[string]*yamlfile.Node `yaml:"headers"`
	Body    *yamlfile.Node            `yaml:"body"`
	Raw     *yamlfile.Node            `yaml:"raw"`
	// The rest is the event's: see [event.Event]. Findings is a list of ids.
	Result      *yamlfile.Node `yaml:"result"`
	Message     *yamlfile.Node `yaml:"message"`
	Title       *yamlfile.Node `yaml:"title"`
	Detail      *yamlfile.Node `yaml:"detail"`
	Alias       *yamlfile.Node `yaml:"alias"`
	Service     *yamlfile.Node `yaml:"service"`
	Deploy      *yamlfile.Node `yaml:"deploy"`
	Findings    *yamlfile.Node `yaml:"findings"`
	DuplicateOf *yamlfile.Node `yaml:"duplicate_of"`
	Suggested   *yamlfile.Node `yaml:"suggested"`
	Fault       *yamlfile.Node `yaml:"fault"`
	Why         *yamlfile.Node `yaml:"why"`
	// None expects that the connection ends without an answer, as a fault has it.
	None bool `yaml:"none"`
}

// Command is a program to run: a list of words, or a script for sh.
type Command struct {
	Command []string          `yaml:"command"`
	Script  string            `yaml:"script"`
	Env     map[string]string `yaml:"env"`
	// Integration is the one whose URL the program gets, as in [Send].
	Integration string   `yaml:"integration"`
	Timeout     Duration `yaml:"timeout"`
	// Exit, Stdout and Stderr are matchers. Without Exit the program must succeed.
	Exit   *yamlfile.Node `yaml:"exit"`
	Stdout *yamlfile.Node `yaml:"stdout"`
	Stderr *yamlfile.Node `yaml:"stderr"`
}

// Fire runs a service template, which fires its webhook.
type Fire struct {
	Template string         `yaml:"template,required"`
	Inputs   *yamlfile.Node `yaml:"inputs"`
	// User is the e-mail address of who runs it; Profile the shape of the context.
	User    string `yaml:"user"`
	Profile string `yaml:"context_profile"`
	// Dry renders the request and sends nothing.
	Dry bool `yaml:"dry"`
	// Webhook stands in place of parts of the template's; Answers are given in turn by the emulator's own receiver.
	Webhook *Webhook `yaml:"webhook"`
	Answers []Reply  `yaml:"answers"`
	// Firing are matchers on what became of it; without any it must succeed. Refused is one on the error of a run that
	// is refused.
	Firing  *Firing        `yaml:"firing"`
	Refused *yamlfile.Node `yaml:"refused"`
}

// Webhook stands in place of parts of the template's webhook, for one firing.
type Webhook struct {
	URL              string            `yaml:"url"`
	Method           string            `yaml:"method"`
	Headers          map[string]string `yaml:"headers"`
	Payload          string            `yaml:"payload"`
	ResponseTemplate string            `yaml:"response_template"`
}

// Reply is one answer of the emulator's own receiver; the last one stays.
type Reply struct {
	Status  int               `yaml:"status"`
	Headers map[string]string `yaml:"headers"`
	Body    string            `yaml:"body"`
	Drop    bool              `yaml:"drop"`
}

// Firing are matchers on what became of a firing. Payload is the body that was sent and Response what came back, as JSON
// where they are; Problems is a list of ids.
type Firing struct {
	URL      *yamlfile.Node            `yaml:"url"`
	Method   *yamlfile.Node            `yaml:"method"`
	Headers  map[string]*yamlfile.Node `yaml:"headers"`
	Payload  *yamlfile.Node            `yaml:"payload"`
	Response *yamlfile.Node            `yaml:"response"`
	Rendered *yamlfile.Node            `yaml:"rendered_response"`
	Result   *yamlfile.Node            `yaml:"result"`
	Service  *yamlfile.Node            `yaml:"service"`
	Attempts *yamlfile.Node            `yaml:"attempts"`
	Problems *yamlfile.Node            `yaml:"problems"`
	Error    *yamlfile.Node            `yaml:"error"`
}

// Accept makes a service of the suggestion for an alias; Name is made of the alias where it is empty.
type Accept struct {
	Alias string `yaml:"alias,required"`
	Name  string `yaml:"name"`
}

// Bind gives the alias of a suggestion to a service that is there.
type Bind struct {
	Alias   string `yaml:"alias,required"`
	Service string `yaml:"service,required"`
}

// Retire makes an integration's URL invalid: its uuid or its name.
type Retire struct{ Integration string }

// Reset puts the account back to its fixtures.
type Reset struct{}

// Fault is a failure on purpose, from here on; see package fault. Off ends all of them.
type Fault struct {
	fault.Fault `yaml:",inline"`
	Off         bool `yaml:"-"`
}

// Advance moves the emulator's clock.
type Advance struct{ By Duration }

// Expect is an expectation as `verify` has it: with none of the numbers, one or more.
type Expect struct {
	Query  string   `yaml:"query"`
	Times  *int     `yaml:"times"`
	Min    *int     `yaml:"min"`
	Max    *int     `yaml:"max"`
	Never  bool     `yaml:"never"`
	Within Duration `yaml:"within"`
	Settle Duration `yaml:"settle"`
	Allow  []string `yaml:"allow"`
}

// Capture gives names to values of the last answer, event, firing or program: name: path.
type Capture struct{ Paths map[string]string }

// Duration is a time.Duration that stands in YAML as 1m30s.
type Duration time.Duration
