package catalog

import "strings"

// addFixture adds a service of a fixture: it keeps what it can of it.
func (k *Catalog) addFixture(s Service) []Conflict {
	s = s.Clone()
	if err := complete(&s); err != nil {
		return []Conflict{conflictOf(err, "service", claimOf(&s))}
	}
	if owner, taken := k.byAlias[s.Slug]; taken {
		// The slug is gone, so the service cannot be addressed: it is left out as a whole.
		return []Conflict{{Kind: "alias", Name: s.Slug, Kept: claimOf(owner), Loser: claimOf(&s)}}
	}
	lost := k.dropTaken(&s)
	k.insert(s)
	return lost
}

// dropTaken takes from s the aliases that another service has.
func (k *Catalog) dropTaken(s *Service) []Conflict {
	var lost []Conflict
	var left []string
	for _, a := range s.Aliases {
		if owner, taken := k.byAlias[a]; taken {
			lost = append(lost, Conflict{Kind: "alias", Name: a, Kept: claimOf(owner), Loser: claimOf(s)})
			continue
		}
		left = append(left, a)
	}
	s.Aliases = left
	return lost
}

// clash is the first name of s that another service has.
func (k *Catalog) clash(s Service) (Conflict, bool) {
	for _, a := range append([]string{s.Slug}, s.Aliases...) {
		if owner, taken := k.byAlias[a]; taken {
			return Conflict{Kind: "alias", Name: a, Kept: claimOf(owner), Loser: claimOf(&s)}, true
		}
	}
	return Conflict{}, false
}

// insert appends a complete service whose names are free.
func (k *Catalog) insert(s Service) *Service {
	p := &s
	k.serviceI[s.Slug] = len(k.services)
	k.services = append(k.services, p)
	k.link(p)
	return p
}

func (k *Catalog) link(s *Service) {
	k.byAlias[s.Slug] = s
	k.near.add(s.Slug, s.Slug)
	for _, a := range s.Aliases {
		k.byAlias[a] = s
		k.near.add(a, s.Slug)
	}
}

func (k *Catalog) unlink(s *Service) {
	delete(k.byAlias, s.Slug)
	k.near.remove(s.Slug)
	for _, a := range s.Aliases {
		delete(k.byAlias, a)
		k.near.remove(a)
	}
}

func (k *Catalog) putTeam(t Team) []Conflict {
	t = t.clone()
	if t.Slug == "" {
		t.Slug = Slug(t.Name)
	}
	if strings.TrimSpace(t.Name) == "" {
		t.Name = t.Slug
	}
	if t.Slug == "" {
		return []Conflict{conflictOf(ErrNoTeamName, "team", Claim{t.Name, t.Origin})}
	}
	if t.ID == "" {
		t.ID = idFor("Team", t.Slug)
	}
	if old, taken := k.byTeam[t.Slug]; taken {
		return []Conflict{{Kind: "team", Name: t.Slug, Kept: Claim{old.Name, old.Origin}, Loser: Claim{t.Name, t.Origin}}}
	}
	var lost []Conflict
	var left []string
	for _, a := range keep(t.Aliases, t.Slug) {
		if old, taken := k.byTeam[a]; taken {
			lost = append(lost, Conflict{Kind: "team", Name: a, Kept: Claim{old.Name, old.Origin}, Loser: Claim{t.Name, t.Origin}})
			continue
		}
		left = append(left, a)
	}
	t.Aliases = left
	for i := range t.Contacts {
		if t.Contacts[i].ID == "" {
			t.Contacts[i].ID = idFor("Contact", t.Slug+"/"+t.Contacts[i].Method+"/"+t.Contacts[i].Address)
		}
	}
	k.teams = append(k.teams, &t)
	for _, a := range append([]string{t.Slug}, left...) {
		k.byTeam[a] = &t
	}
	return lost
}

func (k *Catalog) putUser(u User) []Conflict {
	u = u.clone()
	key := fold(u.Email)
	if key == "" {
		return []Conflict{conflictOf(ErrNoEmail, "user", Claim{u.Name, u.Origin})}
	}
	if old, taken := k.byEmail[key]; taken {
		return []Conflict{{Kind: "user", Name: u.Email, Kept: Claim{old.Name, old.Origin}, Loser: Claim{u.Name, u.Origin}}}
	}
	if u.ID == "" {
		u.ID = idFor("User", key)
	}
	k.users = append(k.users, &u)
	k.byEmail[key] = &u
	return nil
}

func claimOf(s *Service) Claim { return Claim{Name: s.Name, Origin: s.Origin} }
