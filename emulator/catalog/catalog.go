// Package catalog is OpsLevel's account as far as its two webhooks can see it: services and their aliases, teams,
// users, contacts, repositories, suggestions and integrations.
//
// The types are plain values with the property names of OpsLevel's page "Service Creation Webhook Context Schema" and
// of its opslevel.yml; [Catalog] is the set of them with the look-ups a deploy needs. Pure: the standard library and
// spell only. A Catalog has no lock of its own: the ledger that holds it guards it.
package catalog

import "time"

// Service is one service of the account.
type Service struct {
	ID   string `json:"id,omitempty" yaml:"id"`
	Name string `json:"name" yaml:"name,required"`
	// Type is the component type of opslevel.yml: service, library, ...; empty means service.
	Type string `json:"type,omitempty" yaml:"type"`
	// Slug is the URL friendly name (lower case, underscores); it is an alias too. Empty: made from Name.
	Slug string `json:"slug" yaml:"slug"`
	// Aliases are matched exactly against what a deploy sends as service.
	Aliases     []string `json:"aliases,omitempty" yaml:"aliases"`
	Description string   `json:"description,omitempty" yaml:"description"`
	// Owner is the slug (or an alias) of a team; empty for none.
	Owner     string `json:"owner,omitempty" yaml:"owner"`
	Product   string `json:"product,omitempty" yaml:"product"`
	Language  string `json:"language,omitempty" yaml:"language"`
	Framework string `json:"framework,omitempty" yaml:"framework"`
	// Tier and Lifecycle are aliases such as tier_1 and generally_available.
	Tier         string              `json:"tier,omitempty" yaml:"tier"`
	Lifecycle    string              `json:"lifecycle,omitempty" yaml:"lifecycle"`
	System       string              `json:"system,omitempty" yaml:"system"`
	Tags         []Tag               `json:"tags,omitempty" yaml:"tags"`
	Repositories []ServiceRepository `json:"repositories,omitempty" yaml:"repositories"`
	Tools        []Tool              `json:"tools,omitempty" yaml:"tools"`
	Dependencies []Dependency        `json:"dependencies,omitempty" yaml:"dependencies"`
	AlertSources []AlertSource       `json:"alert_sources,omitempty" yaml:"alert_sources"`
	// Properties are custom ones: any JSON value by name.
	Properties map[string]any `json:"properties,omitempty" yaml:"properties"`
	// Origin says where the service came from: a file with its line, "template run", "suggestion", "api".
	Origin string `json:"origin,omitempty" yaml:"-"`
}

// Tag is a key with a value; a key may repeat.
type Tag struct {
	Key   string `json:"key" yaml:"key,required"`
	Value string `json:"value" yaml:"value"`
}

// ServiceRepository links a service to a repository.
type ServiceRepository struct {
	// Name is the repository with its group: "acme/cart".
	Name string `json:"name" yaml:"name,required"`
	// Path is the folder of the service inside the repository; empty or "/" for its root.
	Path string `json:"path,omitempty" yaml:"path"`
	// Provider is the forge: github, gitlab, bitbucket, azure_devops.
	Provider      string `json:"provider,omitempty" yaml:"provider"`
	DisplayName   string `json:"display_name,omitempty" yaml:"display_name"`
	DefaultBranch string `json:"default_branch,omitempty" yaml:"default_branch"`
	Primary       bool   `json:"is_primary,omitempty" yaml:"is_primary"`
	Private       bool   `json:"private,omitempty" yaml:"private"`
}

// Tool is something people use with a service: a dashboard, a runbook.
type Tool struct {
	Name string `json:"name" yaml:"name,required"`
	// Category is one of [ToolCategories].
	Category    string `json:"category,omitempty" yaml:"category"`
	URL         string `json:"url,omitempty" yaml:"url"`
	Environment string `json:"environment,omitempty" yaml:"environment"`
}

// Dependency names a service that this one needs.
type Dependency struct {
	Alias string `json:"alias" yaml:"alias,required"`
	Notes string `json:"notes,omitempty" yaml:"notes"`
}

// AlertSource is an alerting system's name for a service.
type AlertSource struct {
	// Type is one of [AlertSourceTypes].
	Type       string `json:"type,omitempty" yaml:"type"`
	ExternalID string `json:"external_id" yaml:"external_id,required"`
}

// Level is a tier or a lifecycle stage of the account. Accounts may name their own.
type Level struct {
	Alias string `json:"alias" yaml:"alias,required"`
	Name  string `json:"name,omitempty" yaml:"name"`
	// Index is the place in the order, from 1: tier_index and lifecycle_index of the webhook's context; 0 where a file
	// named the level and nobody said where it stands.
	Index int `json:"index,omitempty" yaml:"index"`
}

// Team owns services.
type Team struct {
	ID   string `json:"id,omitempty" yaml:"id"`
	Name string `json:"name" yaml:"name,required"`
	// Slug is the human-friendly identifier; Aliases are further ones.
	Slug    string   `json:"slug" yaml:"slug"`
	Aliases []string `json:"aliases,omitempty" yaml:"aliases"`
	// Manager is the e-mail address of a user; empty for none.
	Manager  string    `json:"manager,omitempty" yaml:"manager"`
	Contacts []Contact `json:"contacts,omitempty" yaml:"contacts"`
	Tags     []Tag     `json:"tags,omitempty" yaml:"tags"`
	// Origin says where the team came from, as for a service.
	Origin string `json:"origin,omitempty" yaml:"-"`
}

// Contact is a channel to reach a team.
type Contact struct {
	ID      string `json:"id,omitempty" yaml:"id"`
	Address string `json:"address" yaml:"address,required"`
	// Method is email, slack, slack_handle or web.
	Method      string `json:"contact_method" yaml:"contact_method,required"`
	DisplayName string `json:"display_name,omitempty" yaml:"display_name"`
	// DisplayType is Primary, Secondary or empty for none.
	DisplayType string `json:"display_type,omitempty" yaml:"display_type"`
	// TargetHref is the fully qualified address; empty: made from Method and Address.
	TargetHref string `json:"target_href,omitempty" yaml:"target_href"`
}

// User is a person of the account, with every property of the context page.
type User struct {
	ID    string `json:"id,omitempty" yaml:"id"`
	Name  string `json:"name" yaml:"name"`
	Email string `json:"email" yaml:"email,required"`
	// Role is admin, user, team_member or standards_admin; empty means user.
	Role          string     `json:"role,omitempty" yaml:"role"`
	Deactivated   bool       `json:"deactivated,omitempty" yaml:"deactivated"`
	DeactivatedAt *time.Time `json:"deactivated_at,omitempty" yaml:"deactivated_at"`
	GravatarURL   string     `json:"gravatar_url,omitempty" yaml:"gravatar_url"`
	// Pending: the invitation has not been accepted. HasProvider: managed externally.
	Pending       bool `json:"pending,omitempty" yaml:"pending"`
	HasProvider   bool `json:"has_provider,omitempty" yaml:"has_provider"`
	APITokenCount int  `json:"api_token_count,omitempty" yaml:"api_token_count"`
	// ProvisionedBy is one of the values of the page, such as "OpsLevel Admin".
	ProvisionedBy string `json:"provisioned_by,omitempty" yaml:"provisioned_by"`
	// Origin says where the user came from, as for a service.
	Origin string `json:"origin,omitempty" yaml:"-"`
}

// Suggestion is the proposal to add a service for an alias that deploys named and nobody has.
type Suggestion struct {
	Alias string          `json:"alias"`
	State SuggestionState `json:"state"`
	// Deploys counts the deploys recorded for the alias.
	Deploys   int       `json:"deploys"`
	FirstSeq  uint64    `json:"first_seq"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
	// Near names aliases of the catalog that look alike, the nearest first.
	Near []string `json:"near,omitempty"`
	// Service is the alias of the service it was accepted as or bound to.
	Service string `json:"service,omitempty"`
}

// SuggestionState says what became of a suggestion.
type SuggestionState string

// A suggestion is open until somebody accepts it (a service is made), binds its alias to a service, or ignores it.
const (
	Open     SuggestionState = "open"
	Accepted SuggestionState = "accepted"
	Bound    SuggestionState = "bound"
	Ignored  SuggestionState = "ignored"
)

// Integration is one webhook URL of the account; its uuid is the last path segment.
type Integration struct {
	UUID string          `json:"uuid" yaml:"uuid,required"`
	Name string          `json:"name,omitempty" yaml:"name"`
	Type IntegrationType `json:"type" yaml:"type"`
	// ExpiresAt retires the integration by itself.
	ExpiresAt *time.Time `json:"expires_at,omitempty" yaml:"expires_at"`
	// RetiredAt is set once the URL is no longer valid; it is remembered, so that it can be told from one never known.
	RetiredAt *time.Time `json:"retired_at,omitempty" yaml:"retired_at"`
	// Origin says where the integration came from, as for a service.
	Origin string `json:"origin,omitempty" yaml:"-"`
}

// IntegrationType is a kind of integration that reports deploys.
type IntegrationType string

// RequiresDeployer says whether a deploy without a deployer is refused. The page calls the object required, and the
// official Jenkins plugin leaves it out by default.
func (t IntegrationType) RequiresDeployer() bool { return t != "jenkins" }

// Live says whether the URL accepts deploys at a moment: neither retired nor expired.
func (i Integration) Live(now time.Time) bool {
	return (i.RetiredAt == nil || now.Before(*i.RetiredAt)) && (i.ExpiresAt == nil || now.Before(*i.ExpiresAt))
}

// Contents are all that a fixture can put into an account.
type Contents struct {
	// Tiers and Lifecycles are the account's own; empty means OpsLevel's defaults, [DefaultTiers] and [DefaultLifecycles].
	Tiers        []Level       `json:"tiers,omitempty" yaml:"tiers"`
	Lifecycles   []Level       `json:"lifecycles,omitempty" yaml:"lifecycles"`
	Services     []Service     `json:"services,omitempty" yaml:"services"`
	Teams        []Team        `json:"teams,omitempty" yaml:"teams"`
	Users        []User        `json:"users,omitempty" yaml:"users"`
	Integrations []Integration `json:"integrations,omitempty" yaml:"integrations"`
}
