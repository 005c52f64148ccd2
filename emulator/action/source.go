package action

import (
	"encoding/json"
	"errors"
	"fmt"
)

// WebhookSource is a webhook as people write it: with Terraform's names (opslevel_webhook_action and
// opslevel_trigger_definition) or those of GraphQL and the CLI, texts inline or in files. Decode into it, then call
// [WebhookSource.Webhook].
type WebhookSource struct {
	URL              string    `json:"url,omitempty" yaml:"url"`
	Method           string    `json:"method,omitempty" yaml:"method"`
	Headers          HeaderMap `json:"headers,omitempty" yaml:"headers"`
	Payload          string    `json:"payload,omitempty" yaml:"payload"`
	ResponseTemplate string    `json:"response_template,omitempty" yaml:"response_template"`
	Async            bool      `json:"async,omitempty" yaml:"async"`
	SigningSecret    string    `json:"signing_secret,omitempty" yaml:"signing_secret"`
	Settings         Settings  `json:"settings,omitzero" yaml:"settings"`

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
	w := Webhook{Headers: s.Headers, Async: s.Async, SigningSecret: s.SigningSecret, Settings: s.Settings}
	var errs [4]error
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

func (s source) isFile() bool { return len(s.name) > 5 && s.name[len(s.name)-5:] == "_file" }

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
	return string(text), nil
}

// HeaderMap are headers by name. As JSON or YAML it is a map, or (as GraphQL's JSON scalar is often written) a string
// that holds one.
type HeaderMap map[string]string

// UnmarshalJSON reads both forms. A value that is a number or a boolean is taken as its text.
func (h *HeaderMap) UnmarshalJSON(in []byte) error {
	tree, err := parseTree(in)
	if err != nil {
		return err
	}
	if text, ok := tree.(string); ok {
		if tree, err = parseTree([]byte(text)); err != nil {
			return fmt.Errorf("headers: the text is not JSON: %w", err)
		}
	}
	if tree == nil {
		return nil
	}
	o, ok := tree.(*object)
	if !ok {
		return fmt.Errorf("headers are %s, and should be a map of names to values", kindOf(tree))
	}
	*h = HeaderMap{}
	for _, k := range o.keys {
		switch v := o.values[k].(type) {
		case string:
			(*h)[k] = v
		case json.Number, bool:
			(*h)[k] = fmt.Sprint(v)
		default:
			return fmt.Errorf("header %q is %s, and should be a text", k, kindOf(v))
		}
	}
	return nil
}

// UnmarshalYAML reads both forms; it is called by the YAML decoder with a function that decodes into a value.
func (h *HeaderMap) UnmarshalYAML(decode func(any) error) error {
	m := map[string]string{}
	if err := decode(&m); err == nil {
		*h = m
		return nil
	}
	var text string
	if err := decode(&text); err != nil {
		return errors.New("headers should be a map of names to values")
	}
	return h.UnmarshalJSON([]byte(text))
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
