package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// TemplateRun is what is asked of a service template.
type TemplateRun struct {
	Template string `json:"template"`
	// Inputs are the values of the template's fields; what is left out has its default.
	Inputs Inputs `json:"inputs,omitempty"`
	// User is the e-mail address of who runs it; empty: the account's first user.
	User string `json:"user,omitempty"`
	// Profile is the shape of the context; empty: documented.
	Profile action.Profile `json:"context_profile,omitempty"`
	// DryRun renders the request and shows it. Nothing is created and nothing is sent.
	DryRun bool `json:"dry_run,omitempty"`
	// Override stands in place of parts of the template's webhook, for this run.
	Override Override `json:"override,omitzero"`
}

// Override are parts of a webhook; those that are empty are left as they are.
type Override struct {
	URL    string `json:"url,omitempty"`
	Method string `json:"method,omitempty"`
	// Headers are added to the webhook's own; one of the same name replaces it.
	Headers          map[string]string `json:"headers,omitempty"`
	Payload          string            `json:"payload,omitempty"`
	ResponseTemplate string            `json:"response_template,omitempty"`
}

// IsZero says that nothing is overridden.
func (o Override) IsZero() bool {
	return o.URL == "" && o.Method == "" && len(o.Headers) == 0 && o.Payload == "" && o.ResponseTemplate == ""
}

// Apply changes w; its maps are left alone.
func (o Override) Apply(w *action.Webhook) {
	for _, p := range []struct {
		from string
		to   *string
	}{{o.URL, &w.URL}, {o.Method, &w.Method}, {o.Payload, &w.Payload}, {o.ResponseTemplate, &w.ResponseTemplate}} {
		if p.from != "" {
			*p.to = p.from
		}
	}
	if len(o.Headers) == 0 {
		return
	}
	merged := maps.Clone(w.Headers)
	if merged == nil {
		merged = map[string]string{}
	}
	for name, value := range o.Headers {
		maps.DeleteFunc(merged, func(have, _ string) bool { return strings.EqualFold(have, name) })
		merged[name] = value
	}
	w.Headers = merged
}

// TemplateRunAnswer is what a template run made.
type TemplateRunAnswer struct {
	// Seq is the event of the firing, Created that of the service; 0 where there is none.
	Seq      uint64           `json:"seq,omitempty"`
	Created  uint64           `json:"created,omitempty"`
	Template string           `json:"template"`
	Inputs   []action.Input   `json:"inputs"`
	Service  catalog.Service  `json:"service"`
	Outputs  action.Outputs   `json:"outputs"`
	Problems []action.Problem `json:"problems,omitempty"`
	DryRun   bool             `json:"dry_run,omitempty"`
	// Firing is nil for a template without a webhook.
	Firing *action.Firing `json:"firing,omitempty"`
}

// Inputs are the inputs of a run. In JSON they are an object, or a list of names and values; true, a number or an object
// is taken as its text.
type Inputs []action.Input

// UnmarshalJSON reads both forms. The order of an object is kept.
func (in *Inputs) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	first, err := d.Token()
	switch {
	case err != nil:
		return err
	case first == nil:
		return nil
	case first == json.Delim('['):
		var list []action.Input
		err := json.Unmarshal(b, &list)
		*in = list
		return err
	case first != json.Delim('{'):
		return fmt.Errorf("inputs should be an object of names and values")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		value := string(raw)
		if raw[0] == '"' {
			if err := json.Unmarshal(raw, &value); err != nil {
				return err
			}
		}
		*in = append(*in, action.Input{Name: name.(string), Value: value})
	}
	return nil
}

// WebhookFiring is a webhook to fire by itself.
type WebhookFiring struct {
	Webhook action.WebhookSource `json:"webhook"`
	// Context is the name of a context, such as "documented", or a JSON object; without one: documented.
	Context json.RawMessage `json:"context,omitempty"`
	DryRun  bool            `json:"dry_run,omitempty"`
}

// Read makes the webhook and its context. Files cannot be read over the wire.
func (f WebhookFiring) Read() (action.Webhook, action.Context, error) {
	w, err := f.Webhook.Webhook(nil)
	if err != nil {
		return w, action.Context{}, err
	}
	name := string(action.Documented)
	switch {
	case len(f.Context) == 0 || string(f.Context) == "null":
	case f.Context[0] == '"':
		if err := json.Unmarshal(f.Context, &name); err != nil {
			return w, action.Context{}, err
		}
	default:
		c, err := action.ParseContext(f.Context)
		return w, c, err
	}
	c, err := action.NamedContext(name)
	return w, c, err
}

// FiringAnswer is a firing with the event it is recorded as; 0 for a dry run.
type FiringAnswer struct {
	Seq    uint64         `json:"seq,omitempty"`
	DryRun bool           `json:"dry_run,omitempty"`
	Firing *action.Firing `json:"firing"`
}

// UnknownTemplateError says that the account has no template of that name.
type UnknownTemplateError struct{ Name, Nearest string }

// Error names it.
func (e *UnknownTemplateError) Error() string {
	return fmt.Sprintf("there is no service template %q", e.Name)
}

// WithheldError says that a firing cannot be fired again in its context, since a secret stood in it, which no record keeps.
type WithheldError struct {
	Seq uint64
	// Template is what was run; empty for a webhook fired by itself.
	Template string
	// Path is the place in the context; Inputs are the names of the run's inputs that held a secret.
	Path   string
	Inputs []string
}

// Error names the place.
func (e *WithheldError) Error() string {
	return fmt.Sprintf("event %d cannot be fired again: %s held a secret, of which the record has only the mask", e.Seq, e.Path)
}

// Hint is the cure: which input to give again.
func (e *WithheldError) Hint() string {
	if e.Template == "" {
		return "fire the webhook anew, with its whole context"
	}
	give := ""
	for _, name := range e.Inputs {
		give += " --input " + event.ShellQuote(name+"=...")
	}
	if give == "" {
		return "run its template anew: bubblelevel fire " + event.ShellQuote(e.Template)
	}
	return fmt.Sprintf("run its template anew and give %s again: bubblelevel fire %s%s", strings.Join(e.Inputs, " and "), event.ShellQuote(e.Template), give)
}

// NoFiringError says that an event is no firing, or is not there.
type NoFiringError struct {
	Seq     uint64
	Evicted bool
}

// Error names the event.
func (e *NoFiringError) Error() string {
	if e.Evicted {
		return fmt.Sprintf("event %d has left the window", e.Seq)
	}
	return fmt.Sprintf("event %d is no firing", e.Seq)
}
