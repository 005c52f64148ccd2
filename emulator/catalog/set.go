package catalog

import "time"

// Limits of what is added while the emulator runs. A fixture may hold more: it is bounded as a file.
const (
	MaxServices     = 50_000
	MaxAliases      = 200_000
	MaxIntegrations = 50_000
)

// Room says whether the account takes one more service or alias, and RoomForIntegration whether one more integration.
// The error is [ErrFull]. They stand apart from the adding, as what is replayed was taken once and must be again.
func (k *Catalog) Room() error {
	if len(k.services) >= MaxServices || len(k.byAlias) >= MaxAliases {
		return ErrFull
	}
	return nil
}

// RoomForIntegration is the same for integrations, retired ones too: those stay known.
func (k *Catalog) RoomForIntegration() error {
	if len(k.integrations) >= MaxIntegrations {
		return ErrFull
	}
	return nil
}

// Catalog is the account: services, teams, users and integrations in the order they came, with an index for each way
// they are looked up. The zero value is not usable; see [New]. Not safe for concurrent use: its owner guards it.
//
// What a look-up returns points into the catalog: read it, and change it only through the catalog's methods.
type Catalog struct {
	services     []*Service
	teams        []*Team
	users        []*User
	integrations []*Integration
	tiers        []Level // as given: empty means the defaults
	lifecycles   []Level

	byAlias  map[string]*Service // aliases and slugs, exactly as they are
	byTeam   map[string]*Team    // slugs and aliases
	byEmail  map[string]*User    // folded
	byUUID   map[string]*Integration
	near     nearIndex
	serviceI map[string]int // slug -> place in services
}

// New makes the catalog of the contents. What is missing is filled in: a slug from the name, an id from the slug. Of two
// entries that claim one name, the first keeps it; each such clash is a [Conflict], and a service that loses an alias
// stays without it. The contents are copied.
func New(c Contents) (*Catalog, []Conflict) {
	k := &Catalog{
		tiers: append([]Level(nil), c.Tiers...), lifecycles: append([]Level(nil), c.Lifecycles...),
		byAlias: map[string]*Service{}, byTeam: map[string]*Team{}, byEmail: map[string]*User{},
		byUUID: map[string]*Integration{}, serviceI: map[string]int{}, near: newNearIndex(),
	}
	var clashes []Conflict
	for _, t := range c.Teams {
		clashes = append(clashes, k.putTeam(t)...)
	}
	for _, u := range c.Users {
		clashes = append(clashes, k.putUser(u)...)
	}
	for _, i := range c.Integrations {
		if err := k.AddIntegration(i); err != nil {
			clashes = append(clashes, conflictOf(err, "integration", Claim{i.UUID, i.Origin}))
		}
	}
	for _, s := range c.Services {
		clashes = append(clashes, k.addFixture(s)...)
	}
	return k, clashes
}

// Contents are the catalog as values: what [New] makes the same catalog from. They are a copy.
func (k *Catalog) Contents() Contents {
	c := Contents{
		Tiers: append([]Level(nil), k.tiers...), Lifecycles: append([]Level(nil), k.lifecycles...),
		Services: k.Services(),
	}
	for _, t := range k.teams {
		c.Teams = append(c.Teams, t.clone())
	}
	c.Users = k.Users()
	c.Integrations = k.Integrations()
	return c
}

// Clone is a catalog of its own with the same contents.
func (k *Catalog) Clone() *Catalog {
	c, _ := New(k.Contents())
	return c
}

// Services are copies of all services in the order they came.
func (k *Catalog) Services() []Service {
	var out []Service
	for _, s := range k.services {
		out = append(out, s.Clone())
	}
	return out
}

// Users are copies of all users in the order they came.
func (k *Catalog) Users() []User {
	var out []User
	for _, u := range k.users {
		out = append(out, u.clone())
	}
	return out
}

// Len is how many services there are.
func (k *Catalog) Len() int { return len(k.services) }

// Clone is a copy that shares nothing with s.
func (s Service) Clone() Service {
	s.Aliases = append([]string(nil), s.Aliases...)
	s.Tags = append([]Tag(nil), s.Tags...)
	s.Repositories = append([]ServiceRepository(nil), s.Repositories...)
	s.Tools = append([]Tool(nil), s.Tools...)
	s.Dependencies = append([]Dependency(nil), s.Dependencies...)
	s.AlertSources = append([]AlertSource(nil), s.AlertSources...)
	if s.Properties != nil {
		s.Properties = cloneValue(s.Properties).(map[string]any)
	}
	return s
}

// cloneValue copies a JSON-like tree.
func cloneValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for key, x := range v {
			m[key] = cloneValue(x)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, x := range v {
			l[i] = cloneValue(x)
		}
		return l
	}
	return v
}

func (t Team) clone() Team {
	t.Aliases = append([]string(nil), t.Aliases...)
	t.Contacts = append([]Contact(nil), t.Contacts...)
	t.Tags = append([]Tag(nil), t.Tags...)
	return t
}

func (u User) clone() User {
	u.DeactivatedAt = cloneTime(u.DeactivatedAt)
	return u
}

func (i Integration) clone() Integration {
	i.ExpiresAt, i.RetiredAt = cloneTime(i.ExpiresAt), cloneTime(i.RetiredAt)
	return i
}

func cloneTime(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	c := *t
	return &c
}
