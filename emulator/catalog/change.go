package catalog

import (
	"strconv"
	"strings"
	"time"
)

// AddService adds a new service and returns it as it is kept. Without a slug it gets one made from its name, with a
// number where that is taken ("cart_2"). Errors, none of which changes anything: [ErrNoName], [ErrNoTeam], [ErrNoTier] and
// [ErrNoLifecycle], and a [Conflict] for a slug or an alias that another service has.
func (k *Catalog) AddService(s Service) (*Service, error) {
	s = s.Clone()
	hasSlug, hasID := s.Slug != "", s.ID != ""
	if err := complete(&s); err != nil {
		return nil, err
	}
	if !hasSlug {
		s.Slug = k.FreeSlug(s.Slug)
		s.Aliases = keep(s.Aliases, s.Slug)
	}
	if !hasID {
		s.ID = idFor("Service", s.Slug)
	}
	if err := k.checkNames(s); err != nil {
		return nil, err
	}
	if clash, ok := k.clash(s); ok {
		return nil, clash
	}
	return k.insert(s), nil
}

// checkNames looks up what a new service refers to.
func (k *Catalog) checkNames(s Service) error {
	switch {
	case s.Owner != "" && k.byTeam[s.Owner] == nil:
		return ErrNoTeam
	case s.Tier != "" && !hasLevel(k.Tiers(), s.Tier):
		return ErrNoTier
	case s.Lifecycle != "" && !hasLevel(k.Lifecycles(), s.Lifecycle):
		return ErrNoLifecycle
	}
	return nil
}

// PutService adds a service, or replaces the one with its slug. It is how a change is replayed: it never fails, and an
// alias that belongs to another service by now is left out and returned as a conflict.
func (k *Catalog) PutService(s Service) []Conflict {
	s = s.Clone()
	if err := complete(&s); err != nil {
		return []Conflict{conflictOf(err, "service", claimOf(&s))}
	}
	at, replaced := k.serviceI[s.Slug]
	if replaced {
		k.unlink(k.services[at])
	}
	lost := k.dropTaken(&s)
	if owner, taken := k.byAlias[s.Slug]; taken {
		return append(lost, Conflict{Kind: "alias", Name: s.Slug, Kept: claimOf(owner), Loser: claimOf(&s)})
	}
	if !replaced {
		k.insert(s)
		return lost
	}
	*k.services[at] = s
	k.link(k.services[at])
	return lost
}

// AddAlias gives a service, known by any of its aliases, one more. An alias it has already is no error. Errors:
// [ErrBlankAlias], [ErrNoService], and a [Conflict] where another service has the alias.
func (k *Catalog) AddAlias(service, alias string) error {
	if strings.TrimSpace(alias) == "" {
		return ErrBlankAlias
	}
	s, ok := k.byAlias[service]
	if !ok {
		return ErrNoService
	}
	if owner, taken := k.byAlias[alias]; taken {
		if owner == s {
			return nil
		}
		return Conflict{Kind: "alias", Name: alias, Kept: claimOf(owner), Loser: claimOf(s)}
	}
	s.Aliases = append(s.Aliases, alias)
	k.byAlias[alias] = s
	k.near.add(alias, s.Slug)
	return nil
}

// AddIntegration adds an integration. Its type may be empty: deploy. Errors: [ErrBadUUID], and a [Conflict] where the
// uuid is known, retired or not.
func (k *Catalog) AddIntegration(i Integration) error {
	i = i.clone()
	if !ValidUUID(i.UUID) {
		return ErrBadUUID
	}
	if i.Type == "" {
		i.Type = "deploy"
	}
	if old, taken := k.byUUID[fold(i.UUID)]; taken {
		return Conflict{Kind: "integration", Name: i.UUID, Kept: Claim{old.Name, old.Origin}, Loser: Claim{i.Name, i.Origin}}
	}
	k.integrations = append(k.integrations, &i)
	k.byUUID[fold(i.UUID)] = &i
	return nil
}

// Retire makes an integration's URL invalid from a moment on. It stays known. One that was retired before keeps its
// first moment. Error: [ErrNoIntegration].
func (k *Catalog) Retire(uuid string, at time.Time) error {
	i, ok := k.byUUID[fold(uuid)]
	if !ok {
		return ErrNoIntegration
	}
	if i.RetiredAt == nil {
		i.RetiredAt = &at
	}
	return nil
}

// ValidUUID says whether an integration may have this uuid. It is lenient on purpose: the page's own template has four
// groups, and a copied one must work.
func ValidUUID(s string) bool {
	return len(s) >= 1 && len(s) <= 64 && strings.IndexFunc(s, func(r rune) bool {
		return !(r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	}) < 0
}

// SlugOf is the slug that a service has or gets: made from its name, else from the first alias with a letter or digit that
// can stand in one; where there is none such, as in a Japanese file, the first alias as it is. Blank for a service
// that has none of these, which no catalog takes.
func SlugOf(s Service) string {
	if s.Slug != "" {
		return s.Slug
	}
	for _, from := range append([]string{s.Name}, s.Aliases...) {
		if slug := Slug(from); slug != "" {
			return slug
		}
	}
	for _, alias := range s.Aliases {
		if strings.TrimSpace(alias) != "" {
			return alias
		}
	}
	return ""
}

// complete fills in what can be made: the slug (or the name from the slug), the id from the slug, and drops aliases that
// are blank, repeated or the slug itself.
func complete(s *Service) error {
	if s.Slug = SlugOf(*s); strings.TrimSpace(s.Slug) == "" {
		return ErrNoName
	}
	if strings.TrimSpace(s.Name) == "" {
		s.Name = s.Slug
	}
	if s.ID == "" {
		s.ID = idFor("Service", s.Slug)
	}
	s.Aliases = keep(s.Aliases, s.Slug)
	return nil
}

// keep is the aliases without the blank ones, the repeated ones and the slug; nil for none.
func keep(aliases []string, slug string) []string {
	var out []string
	seen := map[string]bool{slug: true} // a file may give one service a hundred thousand
	for _, a := range aliases {
		if strings.TrimSpace(a) != "" && !seen[a] {
			seen[a] = true
			out = append(out, a)
		}
	}
	return out
}

// FreeSlug is a slug, numbered from 2 on until no service has it as a slug or an alias ("cart_2"). Nothing is reserved.
func (k *Catalog) FreeSlug(slug string) string {
	free := slug
	for n := 2; k.byAlias[free] != nil; n++ {
		free = slug + "_" + strconv.Itoa(n)
	}
	return free
}
