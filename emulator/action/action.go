// Package action is OpsLevel's post-service-creation webhook: what a service template is, what a run of it creates, the
// context its webhook sees, and one firing of that webhook from rendering to the rendered response.
//
// The reading order: [Template] and [Webhook] are what a fixture describes; [Run] turns inputs into a new service and
// its [Context]; [Fire] renders, signs and delivers, and returns the [Firing], the whole record. Liquid is not here:
// whoever fires hands in a [Renderer]. Standard library, catalog,
// clock and spell only.
package action

import (
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
)

// Template is a service template of the account.
type Template struct {
	// Name is what a run names; unique in the account.
	Name        string `json:"name" yaml:"name"`
	Description string `json:"description,omitempty" yaml:"description"`
	// Forge says where the repository is made.
	Forge Forge `json:"forge" yaml:"forge"`
	// ForgeURL is the forge's address for one that is self-hosted; empty: the public one.
	ForgeURL string `json:"forge_url,omitempty" yaml:"forge_url"`
	// Group is the account (GitHub) or group (GitLab) that holds the new repository.
	Group string `json:"group,omitempty" yaml:"group"`
	// Fields are the variables of the template's cookiecutter.json in their order.
	Fields []Field `json:"fields,omitempty" yaml:"fields"`
	// ActionOwner is the slug (or an alias) of the team that owns the template. Empty, or a team that the account does
	// not have, gives the null that the page promises for a deleted team.
	ActionOwner string `json:"action_owner,omitempty" yaml:"action_owner"`
	// Service is what the new service gets.
	Service NewService `json:"service,omitzero" yaml:"service"`
	// Webhook is fired after a successful run; nil for none.
	Webhook *Webhook `json:"webhook,omitempty" yaml:"webhook"`
	// Origin says where the template came from: a file with its line, "api".
	Origin string `json:"origin,omitempty" yaml:"-"`
}

// Forge is a git forge that templates write to.
type Forge string

// The forges. NoForge makes no repository, so that the outputs of a run are empty.
const (
	GitHub  Forge = "github"
	GitLab  Forge = "gitlab"
	NoForge Forge = "none"
)

// NewService is what a template gives the services it creates; all of it may be empty.
type NewService struct {
	// NameField names the input that becomes the service's name; empty: the first of project_name, service_name,
	// component_name and name that the template has, else its first field.
	NameField string `json:"name_field,omitempty" yaml:"name_field"`
	// Owner is the slug (or an alias) of a team.
	Owner     string `json:"owner,omitempty" yaml:"owner"`
	Product   string `json:"product,omitempty" yaml:"product"`
	Language  string `json:"language,omitempty" yaml:"language"`
	Framework string `json:"framework,omitempty" yaml:"framework"`
	// Tier and Lifecycle are aliases of the account's levels, such as tier_1.
	Tier      string        `json:"tier,omitempty" yaml:"tier"`
	Lifecycle string        `json:"lifecycle,omitempty" yaml:"lifecycle"`
	Tags      []catalog.Tag `json:"tags,omitempty" yaml:"tags"`
	// DefaultBranch of the new repository; empty: main.
	DefaultBranch string `json:"default_branch,omitempty" yaml:"default_branch"`
}

// Field is one variable of a template's cookiecutter.json.
type Field struct {
	Name string    `json:"name" yaml:"name"`
	Kind FieldKind `json:"kind,omitempty" yaml:"kind"`
	// Default stands where a run gives no value, in the spelling of [Input.Value].
	Default string `json:"default,omitempty" yaml:"default"`
	// Choices are the only values a run may give; empty: any.
	Choices []string `json:"choices,omitempty" yaml:"choices"`
	// Required: a run must give the value. It is so for a default that is Jinja, which only cookiecutter could work out.
	Required bool `json:"required,omitempty" yaml:"required"`
	// Prompt is the text of cookiecutter's __prompts__, for people.
	Prompt string `json:"prompt,omitempty" yaml:"prompt"`
}

// FieldKind is the JSON type of an input in the context.
type FieldKind string

// The kinds. An empty kind is Text. Cookiecutter itself turns numbers into text.
const (
	Text    FieldKind = "text"
	Boolean FieldKind = "boolean"
	// Object is a cookiecutter dict variable; its value is written as a JSON object.
	Object FieldKind = "object"
)

// Input is the value of one field in a run. Value is the text itself; "true" or "false" for a boolean; JSON for an
// object.
type Input struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Webhook is an action: what is sent, where to, and how its answer is shown. The names are those of Terraform's
// opslevel_webhook_action; [WebhookSource] also reads those of GraphQL and the CLI. URL, the values of Headers, Payload
// and ResponseTemplate are Liquid.
type Webhook struct {
	// URL is http, https, or "receiver:NAME" for the emulator's own receiver.
	URL string `json:"url" yaml:"url"`
	// Method is DELETE, GET, PATCH, POST or PUT; empty means POST.
	Method           string            `json:"method,omitempty" yaml:"method"`
	Headers          map[string]string `json:"headers,omitempty" yaml:"headers"`
	Payload          string            `json:"payload,omitempty" yaml:"payload"`
	ResponseTemplate string            `json:"response_template,omitempty" yaml:"response_template"`
	// Async: the receiver is to report completion later, so a delivered firing is PENDING.
	Async bool `json:"async,omitempty" yaml:"async"`
	// SigningSecret signs the request; empty: not signed. OpsLevel has one for the account. It is masked in records.
	SigningSecret string `json:"signing_secret,omitempty" yaml:"signing_secret"`
	// Settings are those of the delivery; what is zero means the default.
	Settings Settings `json:"settings,omitzero" yaml:"settings"`
}

// Methods are those of OpsLevel's webhook actions.
func Methods() []string { return []string{"DELETE", "GET", "PATCH", "POST", "PUT"} }

// method is the webhook's method in capitals, with its default.
func (w Webhook) method() string {
	if w.Method == "" {
		return "POST"
	}
	return strings.ToUpper(w.Method)
}
