package action

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// WebhookSource is a webhook as people write it: with Terraform's names (opslevel_webhook_action and
// opslevel_trigger_definition) or those of GraphQL and the CLI, texts inline or in files. Decode into it, then call
// [WebhookSource.Webhook].
type WebhookSource struct {
	URL    string `json:"url,omitempty" yaml:"url"`
	Method string `json:"method,omitempty" yaml:"method"`
	// Headers is a map of names to values, or a text that holds one as JSON.
	Headers          any            `json:"headers,omitempty" yaml:"headers"`
	Payload          string         `json:"payload,omitempty" yaml:"payload"`
	ResponseTemplate string         `json:"response_template,omitempty" yaml:"response_template"`
	Async            bool           `json:"async,omitempty" yaml:"async"`
	SigningSecret    string         `json:"signing_secret,omitempty" yaml:"signing_secret"`
	Settings         SettingsSource `json:"settings,omitzero" yaml:"settings"`

	// The spelling of GraphQL's CustomActionsWebhookActionCreateInput and of the CLI's YAML.
	WebhookURL            string `json:"webhookUrl,omitempty" yaml:"webhookUrl"`
	HTTPMethod            string `json:"httpMethod,omitempty" yaml:"httpMethod"`
	LiquidTemplate        string `json:"liquidTemplate,omitempty" yaml:"liquidTemplate"`
	ResponseTemplateCamel string `json:"responseTemplate,omitempty" yaml:"responseTemplate"`

	// Files in place of the texts.
	URLFile              string `json:"url_file,omitempty" yaml:"url_file"`
	PayloadFile          string `json:"payload_file,omitempty" yaml:"payload_file"`
	ResponseTemplateFile string `json:"response_template_file,omitempty" yaml:"response_template_file"`

	// What the other tools write beside it. It has no meaning for a service template.
	Name        string `json:"name,omitempty" yaml:"name"`
	Description string `json:"description,omitempty" yaml:"description"`
}

// Webhook is the webhook of the source. read opens the files it names (nil: files are refused). Errors: a text given in
// two ways, a file that cannot be read, and those of [Webhook.Check].
func (s WebhookSource) Webhook(read func(name string) ([]byte, error)) (Webhook, error) {
	w := Webhook{Async: s.Async, SigningSecret: s.SigningSecret}
	var errs [6]error
	w.Headers, errs[4] = headersFrom(s.Headers)
	w.Settings, errs[5] = s.Settings.settings()
	w.URL, errs[0] = oneOf(read, source{"url", s.URL}, source{"webhookUrl", s.WebhookURL}, source{"url_file", s.URLFile})
	w.Method, errs[1] = oneOf(read, source{"method", s.Method}, source{"httpMethod", s.HTTPMethod})
	w.Payload, errs[2] = oneOf(read, source{"payload", s.Payload}, source{"liquidTemplate", s.LiquidTemplate}, source{"payload_file", s.PayloadFile})
	w.ResponseTemplate, errs[3] = oneOf(read, source{"response_template", s.ResponseTemplate},
		source{"responseTemplate", s.ResponseTemplateCamel}, source{"response_template_file", s.ResponseTemplateFile})
	if err := errors.Join(errs[:]...); err != nil {
		return Webhook{}, err
	}
	return w, w.Check()
}

// source is one way to give a text.
type source struct{ name, value string }

func (s source) isFile() bool { return strings.HasSuffix(s.name, "_file") }

// oneOf is the one text that is given; empty for none.
func oneOf(read func(string) ([]byte, error), sources ...source) (string, error) {
	var chosen source
	for _, s := range sources {
		if s.value == "" {
			continue
		}
		if chosen.value != "" {
			return "", fmt.Errorf("%s and %s are both given: leave one out", chosen.name, s.name)
		}
		chosen = s
	}
	if !chosen.isFile() {
		return chosen.value, nil
	}
	if read == nil {
		return "", fmt.Errorf("%s: files cannot be read here: give the text itself", chosen.name)
	}
	text, err := read(chosen.value)
	if err != nil {
		return "", fmt.Errorf("%s: %w", chosen.name, err)
	}
	if chosen.name == "url_file" {
		return strings.TrimRight(string(text), "\r\n"), nil // every editor ends a file with a line break, and no URL has one
	}
	return string(text), nil
}

// headersFrom reads headers: a map, or (as GraphQL's JSON scalar is often written) a text that holds one. A value that is a
// number or a boolean is taken as its text.
func headersFrom(v any) (map[string]string, error) {
	if text, ok := v.(string); ok {
		var inner map[string]any
		if err := json.Unmarshal([]byte(text), &inner); err != nil {
			return nil, fmt.Errorf("headers: the text is no JSON object: %w", err)
		}
		v = inner
	}
	given, ok := v.(map[string]any)
	if v == nil {
		return nil, nil
	}
	if !ok {
		return nil, errors.New("headers should be a map of names to values")
	}
	out := make(map[string]string, len(given))
	for name, value := range given {
		switch value := value.(type) {
		case string:
			out[name] = value
		case float64:
			out[name] = strconv.FormatFloat(value, 'f', -1, 64)
		case bool, int, int64, uint64:
			out[name] = fmt.Sprint(value)
		default:
			return nil, fmt.Errorf("header %q should be a text", name)
		}
	}
	return out, nil
}

// SettingsSource are [Settings] as people write them: durations as text, such as "10s" or "500ms".
type SettingsSource struct {
	Timeout   string `json:"timeout,omitempty" yaml:"timeout"`
	Retries   int    `json:"retries,omitempty" yaml:"retries"`
	RetryWait string `json:"retry_wait,omitempty" yaml:"retry_wait"`
	Redirects int    `json:"redirects,omitempty" yaml:"redirects"`
	MaxBody   int64  `json:"max_body,omitempty" yaml:"max_body"`
}

func (s SettingsSource) settings() (Settings, error) {
	out := Settings{Retries: s.Retries, Redirects: s.Redirects, MaxBody: s.MaxBody}
	for name, d := range map[string]struct {
		text string
		into *Duration
	}{"timeout": {s.Timeout, &out.Timeout}, "retry_wait": {s.RetryWait, &out.RetryWait}} {
		if d.text == "" {
			continue
		}
		if err := d.into.UnmarshalText([]byte(d.text)); err != nil {
			return Settings{}, fmt.Errorf("settings: %s: %w", name, err)
		}
	}
	return out, nil
}

// TemplateSource is a service template as a fixture writes it. Decode into it, then call [TemplateSource.Template].
type TemplateSource struct {
	Name        string `json:"name" yaml:"name"`
	Description string `json:"description,omitempty" yaml:"description"`
	Forge       Forge  `json:"forge,omitempty" yaml:"forge"`
	ForgeURL    string `json:"forge_url,omitempty" yaml:"forge_url"`
	Group       string `json:"group,omitempty" yaml:"group"`
	// Account is GitHub's word for Group.
	Account string  `json:"account,omitempty" yaml:"account"`
	Fields  []Field `json:"fields,omitempty" yaml:"fields"`
	// Cookiecutter is the text of a cookiecutter.json, CookiecutterFile its path; either stands in place of Fields.
	Cookiecutter     string         `json:"cookiecutter,omitempty" yaml:"cookiecutter"`
	CookiecutterFile string         `json:"cookiecutter_file,omitempty" yaml:"cookiecutter_file"`
	ActionOwner      string         `json:"action_owner,omitempty" yaml:"action_owner"`
	Service          NewService     `json:"service,omitzero" yaml:"service"`
	Webhook          *WebhookSource `json:"webhook,omitempty" yaml:"webhook"`
}

// Template is the template of the source; read is that of [WebhookSource.Webhook]. Errors are those of reading, of
// [ParseCookiecutter] and of [Template.Check].
func (s TemplateSource) Template(read func(name string) ([]byte, error)) (Template, error) {
	group, err := oneOf(nil, source{"group", s.Group}, source{"account", s.Account})
	if err != nil {
		return Template{}, err
	}
	t := Template{
		Name: s.Name, Description: s.Description, Forge: s.Forge, ForgeURL: s.ForgeURL, Group: group, Fields: s.Fields,
		ActionOwner: s.ActionOwner, Service: s.Service,
	}
	if t.Forge == "" {
		t.Forge = GitHub
	}
	text, err := oneOf(read, source{"cookiecutter", s.Cookiecutter}, source{"cookiecutter_file", s.CookiecutterFile})
	if err != nil {
		return Template{}, err
	}
	if text != "" && len(s.Fields) > 0 {
		return Template{}, errors.New("fields and a cookiecutter.json are both given: leave one out")
	}
	if text != "" {
		if t.Fields, err = ParseCookiecutter([]byte(text)); err != nil {
			return Template{}, err
		}
	}
	if s.Webhook != nil {
		w, err := s.Webhook.Webhook(read)
		if err != nil {
			return Template{}, fmt.Errorf("webhook: %w", err)
		}
		t.Webhook = &w
	}
	return t, t.Check()
}
