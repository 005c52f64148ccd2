package catalog

import "slices"

// Match finds the service that a deploy means: the alias must be one of its aliases, or its slug, letter by letter. The
// page says "an alias of the service"; whether the real comparison also ignores case is unknown, and [Catalog.Nearest]
// is the honest help for who relied on that.
func (k *Catalog) Match(alias string) (*Service, bool) {
	s, ok := k.byAlias[alias]
	return s, ok
}

// Team finds a team by its slug or an alias.
func (k *Catalog) Team(alias string) (*Team, bool) {
	t, ok := k.byTeam[alias]
	return t, ok
}

// UserByEmail finds the user that OpsLevel would tie a deployer to. Letter case and white space around the address do
// not matter: OpsLevel is a Rails application, whose usual sign-in library (Devise) strips and lower-cases addresses
// before it stores or looks for one. A deactivated user is still that user.
func (k *Catalog) UserByEmail(email string) (*User, bool) {
	u, ok := k.byEmail[fold(email)]
	return u, ok
}

// Integration finds an integration by the uuid of its URL, retired ones too: ask [Integration.Live]. A uuid is the same
// in capitals.
func (k *Catalog) Integration(uuid string) (*Integration, bool) {
	i, ok := k.byUUID[fold(uuid)]
	return i, ok
}

// Integrations are copies of all integrations in the order they came, retired ones too.
func (k *Catalog) Integrations() []Integration {
	var out []Integration
	for _, i := range k.integrations {
		out = append(out, i.clone())
	}
	return out
}

// Tiers are the tiers of the account.
func (k *Catalog) Tiers() []Level { return levels(k.tiers, DefaultTiers) }

// Lifecycles are the lifecycle stages of the account.
func (k *Catalog) Lifecycles() []Level { return levels(k.lifecycles, DefaultLifecycles) }

func levels(own []Level, defaults func() []Level) []Level {
	if len(own) == 0 {
		return defaults()
	}
	return append([]Level(nil), own...)
}

// TierIndex is tier_index of the webhook's context: the place of a service's tier, false where the page has null.
func (k *Catalog) TierIndex(alias string) (int, bool) { return indexOf(k.Tiers(), alias) }

// LifecycleIndex is lifecycle_index of the webhook's context, as TierIndex.
func (k *Catalog) LifecycleIndex(alias string) (int, bool) { return indexOf(k.Lifecycles(), alias) }

// hasLevel says whether an alias names one of the levels.
func hasLevel(levels []Level, alias string) bool {
	return slices.ContainsFunc(levels, func(l Level) bool { return l.Alias == alias })
}

func indexOf(levels []Level, alias string) (int, bool) {
	for _, l := range levels {
		if l.Alias == alias {
			return l.Index, l.Index > 0
		}
	}
	return 0, false
}
