package catalog

import (
	"errors"
	"fmt"
)

// Conflict is one name that two entries of the account claim (the first one keeps it) or, with a Reason, an entry that
// cannot be kept at all.
type Conflict struct {
	// Kind is what the name is: alias, team, user or integration.
	Kind string `json:"kind"`
	// Name is the alias, slug, e-mail address or uuid that both claim.
	Name   string `json:"name,omitempty"`
	Kept   Claim  `json:"kept,omitzero"`
	Loser  Claim  `json:"loser"`
	Reason string `json:"reason,omitempty"`
}

// Claim is one side of a conflict.
type Claim struct {
	// Name is the display name of the entry, Origin where it came from (a file with its line); either may be empty.
	Name   string `json:"name"`
	Origin string `json:"origin,omitempty"`
}

// Error says who claims what, and which of them keeps it.
func (c Conflict) Error() string {
	if c.Reason != "" {
		return fmt.Sprintf("%s %s is left out: %s", c.Kind, c.Loser, c.Reason)
	}
	return fmt.Sprintf("%s %q is claimed twice: by %s, which keeps it, and by %s", c.Kind, c.Name, c.Kept, c.Loser)
}

// String is the name with its origin: `Cart (a/opslevel.yml:3)`.
func (c Claim) String() string {
	if c.Origin == "" {
		return fmt.Sprintf("%q", c.Name)
	}
	return fmt.Sprintf("%q (%s)", c.Name, c.Origin)
}

// Errors that the changing methods return beside a [Conflict].
var (
	ErrNoName        = errors.New("a service needs a name or an alias with a letter or a digit in it")
	ErrNoTeamName    = errors.New("a team needs a name or a slug with a letter or a digit in it")
	ErrNoTeam        = errors.New("the owner is not a team of the account")
	ErrNoTier        = errors.New("the tier is not one of the account")
	ErrNoLifecycle   = errors.New("the lifecycle is not one of the account")
	ErrNoEmail       = errors.New("a user needs an e-mail address")
	ErrBlankAlias    = errors.New("an alias cannot be blank")
	ErrNoService     = errors.New("no service has this alias")
	ErrNoIntegration = errors.New("no integration has this uuid")
	ErrFull          = fmt.Errorf("the account is full: it takes %d services, %d aliases and %d integrations", MaxServices, MaxAliases, MaxIntegrations)
	ErrBadUUID       = errors.New("an integration's uuid is 1 to 64 letters, digits and dashes")
)

// conflictOf makes a conflict of what a changing method returned, so that New can list them all.
func conflictOf(err error, kind string, loser Claim) Conflict {
	var c Conflict
	if errors.As(err, &c) {
		return c
	}
	return Conflict{Kind: kind, Loser: loser, Reason: err.Error()}
}
