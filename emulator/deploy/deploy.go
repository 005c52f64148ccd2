// Package deploy is what a deploy is and how OpsLevel judges one.
//
// It is pure: a tree of request parameters goes in ([Parse]), a [Deploy] or the documented [Problems] come out;
// a deploy and what is already known of it go in ([Decide]), the documented answer comes out. It reads no clock,
// opens no socket and imports only the standard library, so every rule of the wire is a table in a test.
//
// Source of the rules: OpsLevel's page "Custom Deploys"; what the page leaves open is listed, with the reason for each
// choice, by `bubblelevel fidelity`.
package deploy

import "time"

// Params are the parameters of a request as a Rails application would hold them after reading the query string and
// the body; nil where it could read none.
type Params = *Object

// Deploy is one deploy as OpsLevel would keep it. The JSON spelling is that of the webhook's own page, with the
// fields OpsLevel derives beside those that were sent. Blank and absent fields are empty.
type Deploy struct {
	// Service is the alias the sender sent, not the service it matched.
	Service     string `json:"service"`
	Description string `json:"description"`
	// DeployedAt is in UTC with the microseconds that OpsLevel's database keeps. It is zero, and not in the JSON, where
	// nothing readable was sent.
	DeployedAt time.Time `json:"deployed_at,omitzero"`
	// DeployedAtSent is the text (or number) the sender wrote for deployed_at.
	DeployedAtSent string `json:"deployed_at_sent,omitempty"`
	Environment    string `json:"environment,omitempty"`
	DeployURL      string `json:"deploy_url,omitempty"`
	// DeployNumber is what was sent or, when DeployNumberGenerated, the ordinal that OpsLevel would have given.
	DeployNumber          string `json:"deploy_number,omitempty"`
	DeployNumberGenerated bool   `json:"deploy_number_generated,omitempty"`
	DedupID               string `json:"dedup_id,omitempty"`
	// Status is the raw text; DeployStatus what OpsLevel makes of it. Both are empty when no status was sent.
	Status       string    `json:"status,omitempty"`
	DeployStatus Status    `json:"deploy_status,omitempty"`
	Deployer     *Deployer `json:"deployer,omitempty"`
	// AssociatedUser is the id of the catalog's user with the deployer's e-mail address.
	AssociatedUser string  `json:"associated_user,omitempty"`
	Commit         *Commit `json:"commit,omitempty"`
}

// Deployer is who deployed. At least one of Name and Email is set, unless the request was rejected for it or the
// integration does not ask for a deployer.
type Deployer struct {
	ID    string `json:"id,omitempty"`
	Email string `json:"email,omitempty"`
	Name  string `json:"name,omitempty"`
}

// Commit is the commit a deploy belongs to. Every field is optional. Date and AuthoringDate are nil when nothing
// readable was sent; the Sent twins keep the sender's text.
type Commit struct {
	SHA               string     `json:"sha,omitempty"`
	Message           string     `json:"message,omitempty"`
	Branch            string     `json:"branch,omitempty"`
	Date              *time.Time `json:"date,omitempty"`
	DateSent          string     `json:"date_sent,omitempty"`
	CommitterName     string     `json:"committer_name,omitempty"`
	CommitterEmail    string     `json:"committer_email,omitempty"`
	AuthorName        string     `json:"author_name,omitempty"`
	AuthorEmail       string     `json:"author_email,omitempty"`
	AuthoringDate     *time.Time `json:"authoring_date,omitempty"`
	AuthoringDateSent string     `json:"authoring_date_sent,omitempty"`
}

// Status is the normalised status of a deploy: one of the five OpsLevel knows, or [NoStatus].
type Status string

// The values of OpsLevel's DeployStatusEnum (OpsLevel's Go client, enum.go).
const (
	Canceled Status = "canceled"
	Failure  Status = "failure"
	Queued   Status = "queued"
	Running  Status = "running"
	Success  Status = "success"
	NoStatus Status = "no_status"
)

// NormalStatus is what OpsLevel makes of a raw status: an exact match of the five known words, else [NoStatus]. An
// absent (empty) status stays empty.
func NormalStatus(raw string) Status {
	switch s := Status(raw); s {
	case "", Canceled, Failure, Queued, Running, Success:
		return s
	}
	return NoStatus
}
