package catalog_test

import (
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
)

func account() catalog.Contents {
	return catalog.Contents{
		Services: []catalog.Service{
			{Name: "Shopping Cart", Aliases: []string{"cart", "acme/shopping-cart", "Cart Service"}, Owner: "shop", Origin: "a.yaml:3"},
			{Name: "Django Test", Tier: "tier_2", Lifecycle: "beta"},
			{Name: "Payments", Aliases: []string{"fs-prod:deployment/payments"}},
		},
		Teams:        []catalog.Team{{Name: "Shop", Aliases: []string{"shopping"}, Manager: "Ann@Example.test"}},
		Users:        []catalog.User{{Name: "Ann", Email: "Ann@Example.test"}, {Name: "Bob", Email: "bob@example.test", Deactivated: true}},
		Integrations: []catalog.Integration{{UUID: "11111111-1111-4111-8111-11111111111A"}},
	}
}

func newAccount(t *testing.T) *catalog.Catalog {
	t.Helper()
	k, conflicts := catalog.New(account())
	if len(conflicts) > 0 {
		t.Fatal(conflicts)
	}
	return k
}

func TestMatchIsExact(t *testing.T) {
	k := newAccount(t)
	for alias, want := range map[string]string{
		"shopping_cart": "shopping_cart", "cart": "shopping_cart", "acme/shopping-cart": "shopping_cart", "Cart Service": "shopping_cart",
		"django_test": "django_test", "Cart": "", "cart\n": "", " cart": "", "shopping-cart": "", "Shopping Cart": "", "": "",
	} {
		s, ok := k.Match(alias)
		if ok != (want != "") || ok && s.Slug != want {
			t.Errorf("%q matches %v, want %q", alias, s, want)
		}
	}
}

func TestNearestFindsWhatPeopleGetWrong(t *testing.T) {
	k := newAccount(t)
	for sent, want := range map[string][]string{
		"cart\n":                  {"cart"},
		`"cart"`:                  {"cart"},
		"CART":                    {"cart"},
		"Shopping-Cart":           {"shopping_cart"},
		"shopping-cart":           {"shopping_cart"},
		"acme/cart":               {"cart"},
		"other/shopping-cart":     {"shopping_cart"},
		"jenkins:cart":            {"cart"},
		"payments.git":            {"payments"},
		"payment":                 {"payments"},
		"shoping_crat":            {"shopping_cart"},
		"django":                  {"django_test"},
		"cart-production":         {"cart"},
		"deployment/payments":     {"payments"},
		"warehouse":               nil,
		"":                        nil,
		"\n":                      nil,
		strings.Repeat("a", 2000): nil,
	} {
		if diff := cmp.Diff(want, k.Nearest(sent, 1)); diff != "" {
			t.Errorf("%.40q: %s", sent, diff)
		}
	}
	if got := k.Nearest("cart", 0); got != nil {
		t.Errorf("none were asked for, got %v", got)
	}
}

func TestNearestOrders(t *testing.T) {
	k, _ := catalog.New(catalog.Contents{Services: []catalog.Service{
		{Name: "ordering"}, {Name: "x", Slug: "Orders"}, {Name: "y", Slug: "acme/orders"}, {Name: "z", Slug: "order-s"}, {Name: "w", Slug: "orders_eu"}, {Name: "order"},
	}})
	want := []string{"Orders", "acme/orders", "order", "order-s", "orders_eu"}
	if diff := cmp.Diff(want, k.Nearest("orders", 9)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want[:2], k.Nearest("orders", 2)); diff != "" {
		t.Error(diff)
	}
}

// TestNearestSpelling: of aliases that are the same but for their case, the one in the spelling that was sent.
func TestNearestSpelling(t *testing.T) {
	k, _ := catalog.New(catalog.Contents{Services: []catalog.Service{{Name: "a", Slug: "CART"}, {Name: "b", Slug: "cart"}, {Name: "c", Slug: "ca-rt"}}})
	for sent, want := range map[string]string{" CART\n": "CART", `"cart"`: "cart", "Ca_Rt": "ca-rt"} {
		if got := k.Nearest(sent, 1); !cmp.Equal(got, []string{want}) {
			t.Errorf("%q: %q, want %q", sent, got, want)
		}
	}
}

func TestRoom(t *testing.T) {
	k, _ := catalog.New(catalog.Contents{})
	for i := range catalog.MaxIntegrations {
		if err := errors.Join(k.Room(), k.RoomForIntegration(), k.AddIntegration(catalog.Integration{UUID: fmt.Sprint(i)})); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := k.RoomForIntegration(); !errors.Is(err, catalog.ErrFull) {
		t.Error(err)
	}
	for i := range catalog.MaxServices {
		k.PutService(catalog.Service{Slug: fmt.Sprint("s", i)})
	}
	if err := k.Room(); !errors.Is(err, catalog.ErrFull) {
		t.Error(err)
	}
	s := catalog.Service{Slug: "s"}
	for i := range catalog.MaxAliases {
		s.Aliases = append(s.Aliases, fmt.Sprint("a", i))
	}
	if k, _ = catalog.New(catalog.Contents{Services: []catalog.Service{s}}); !errors.Is(k.Room(), catalog.ErrFull) {
		t.Error("there is room for one more alias")
	}
}

// TestManyAliasesWithOneWord: a service that is replaced leaves none of its aliases behind, however many look alike.
func TestManyAliasesWithOneWord(t *testing.T) {
	s := catalog.Service{Slug: "s"}
	for i := range 5000 {
		s.Aliases = append(s.Aliases, fmt.Sprintf("a%d/api", i))
	}
	k, _ := catalog.New(catalog.Contents{Services: []catalog.Service{s}})
	k.PutService(s)
	if near := k.Nearest("other/api", 1); len(near) != 1 || k.Len() != 1 {
		t.Error(near, k.Len())
	}
	if k.PutService(catalog.Service{Slug: "s"}); k.Nearest("other/api", 1) != nil {
		t.Error(k.Nearest("other/api", 1))
	}
}

func TestUsersTeamsAndIntegrationsAreFound(t *testing.T) {
	k := newAccount(t)
	for _, mail := range []string{"ann@example.test", " ANN@EXAMPLE.TEST\n"} {
		if u, ok := k.UserByEmail(mail); !ok || u.Name != "Ann" {
			t.Errorf("%q: %v", mail, u)
		}
	}
	if u, ok := k.UserByEmail("bob@example.test"); !ok || u.ID == "" {
		t.Errorf("a deactivated user is a user: %v", u)
	}
	if _, ok := k.UserByEmail(""); ok {
		t.Error("a blank address finds somebody")
	}
	for _, alias := range []string{"shop", "shopping"} {
		if team, ok := k.Team(alias); !ok || team.Name != "Shop" {
			t.Errorf("%q: %v", alias, team)
		}
	}
	if i, ok := k.Integration("11111111-1111-4111-8111-11111111111a"); !ok || i.Type != "deploy" {
		t.Errorf("%v", i)
	}
	if n, ok := k.TierIndex("tier_2"); !ok || n != 2 {
		t.Error(n, ok)
	}
	if n, ok := k.LifecycleIndex("end-of-life"); !ok || n != 5 {
		t.Error(n, ok)
	}
	if _, ok := k.LifecycleIndex("retired"); ok {
		t.Error("an unknown lifecycle has an index")
	}
}

func TestConflictsNameBothOrigins(t *testing.T) {
	c := account()
	c.Services = append(c.Services,
		catalog.Service{Name: "Basket", Aliases: []string{"cart", "basket-x"}, Origin: "b.yaml:9"},
		catalog.Service{Name: "Django  test", Origin: "b.yaml:12"},
		catalog.Service{Name: "!!!"})
	c.Users = append(c.Users, catalog.User{Name: "Ann II", Email: "ann@example.TEST"}, catalog.User{Name: "Nobody"})
	c.Teams = append(c.Teams, catalog.Team{Name: "Other", Aliases: []string{"shop"}})
	c.Integrations = append(c.Integrations, catalog.Integration{UUID: "11111111-1111-4111-8111-11111111111a", Name: "again"}, catalog.Integration{UUID: "a b"})
	k, conflicts := catalog.New(c)
	var got []string
	for _, one := range conflicts {
		got = append(got, one.Error())
	}
	want := []string{
		`team "shop" is claimed twice: by "Shop", which keeps it, and by "Other"`,
		`user "ann@example.TEST" is claimed twice: by "Ann", which keeps it, and by "Ann II"`,
		`user "Nobody" is left out: a user needs an e-mail address`,
		`integration "11111111-1111-4111-8111-11111111111a" is claimed twice: by "", which keeps it, and by "again"`,
		`integration "a b" is left out: an integration's uuid is 1 to 64 letters, digits and dashes`,
		`alias "cart" is claimed twice: by "Shopping Cart" (a.yaml:3), which keeps it, and by "Basket" (b.yaml:9)`,
		`alias "django_test" is claimed twice: by "Django Test", which keeps it, and by "Django  test" (b.yaml:12)`,
		`service "!!!" is left out: a service needs a name or an alias with a letter or a digit in it`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s, ok := k.Match("basket-x"); !ok || s.Name != "Basket" {
		t.Error("a service that loses an alias keeps the others")
	}
}

func TestAddService(t *testing.T) {
	k := newAccount(t)
	s, err := k.AddService(catalog.Service{Name: "Shopping Cart", Aliases: []string{"shopping_cart_2", "new"}})
	if err != nil || s.Slug != "shopping_cart_2" || !cmp.Equal(s.Aliases, []string{"new"}) {
		t.Fatal(s, err)
	}
	if first, _ := k.Match("shopping_cart"); first.ID == s.ID {
		t.Error("two services share an id")
	}
	for _, c := range []struct {
		s    catalog.Service
		want error
	}{
		{catalog.Service{Name: "?"}, catalog.ErrNoName},
		{catalog.Service{Name: "X", Owner: "nobody"}, catalog.ErrNoTeam},
		{catalog.Service{Name: "X", Tier: "gold"}, catalog.ErrNoTier},
		{catalog.Service{Name: "X", Lifecycle: "old"}, catalog.ErrNoLifecycle},
	} {
		if _, err := k.AddService(c.s); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v", c.s, err)
		}
	}
	var clash catalog.Conflict
	if _, err := k.AddService(catalog.Service{Name: "X", Aliases: []string{"cart"}}); !errors.As(err, &clash) || clash.Name != "cart" {
		t.Error(err)
	}
	if _, ok := k.Match("x"); ok {
		t.Error("a refused service is there")
	}
}

func TestPutServiceReplaces(t *testing.T) {
	k := newAccount(t)
	if lost := k.PutService(catalog.Service{Name: "Cart", Slug: "shopping_cart", Aliases: []string{"basket", "payments"}}); len(lost) != 1 || lost[0].Name != "payments" {
		t.Error(lost)
	}
	if _, ok := k.Match("cart"); ok {
		t.Error("the old alias is still there")
	}
	if s, ok := k.Match("basket"); !ok || s.Name != "Cart" || k.Len() != 3 {
		t.Error(s, k.Len())
	}
	if near := k.Nearest("Basket", 1); !cmp.Equal(near, []string{"basket"}) {
		t.Error(near)
	}
	if near := k.Nearest("cart_service", 1); cmp.Equal(near, []string{"Cart Service"}) {
		t.Error("a dropped alias is still near")
	}
	if lost := k.PutService(catalog.Service{Name: "X", Slug: "basket"}); len(lost) != 1 {
		t.Error(lost)
	}
}

func TestAddAlias(t *testing.T) {
	k := newAccount(t)
	if err := k.AddAlias("cart", "basket"); err != nil {
		t.Error(err)
	}
	if s, ok := k.Match("basket"); !ok || s.Slug != "shopping_cart" {
		t.Error("the new alias matches nothing")
	}
	var clash catalog.Conflict
	if err := k.AddAlias("cart", "django_test"); !errors.As(err, &clash) {
		t.Error(err)
	}
	for alias, want := range map[string]error{"basket": nil, " ": catalog.ErrBlankAlias} {
		if err := k.AddAlias("cart", alias); !errors.Is(err, want) {
			t.Error(alias, err)
		}
	}
	if err := k.AddAlias("nobody", "x"); !errors.Is(err, catalog.ErrNoService) {
		t.Error(err)
	}
}

func TestIntegrationsAreRemembered(t *testing.T) {
	k := newAccount(t)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	soon := now.Add(time.Minute)
	if err := k.AddIntegration(catalog.Integration{UUID: "b", Type: "jenkins", ExpiresAt: &soon}); err != nil {
		t.Fatal(err)
	}
	i, _ := k.Integration("b")
	if !i.Live(now) || i.Live(soon) {
		t.Error("it must live until it expires")
	}
	if err := k.Retire("B", now); err != nil || i.Live(now) {
		t.Error(err, "it must be retired")
	}
	if err := k.Retire("b", soon); err != nil || !i.RetiredAt.Equal(now) {
		t.Error("the first moment counts")
	}
	if err := k.Retire("c", now); !errors.Is(err, catalog.ErrNoIntegration) {
		t.Error(err)
	}
}

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"Django Test": "django_test", "my_project6": "my_project6", "my-project-6": "my_project_6", "  A  b!!c ": "a_b_c",
		"Café Ünïcode Straße": "cafe_unicode_strasse", "Łódź": "lodz", "日本": "", "": "", "C++ & C#": "c_c",
	} {
		if got := catalog.Slug(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestSlugOf(t *testing.T) {
	for want, s := range map[string]catalog.Service{
		"own": {Slug: "own", Name: "Name", Aliases: []string{"alias"}}, "name": {Name: "Name", Aliases: []string{"alias"}},
		"alias": {Name: "日本", Aliases: []string{"カート", "Alias!"}}, "カート": {Name: "日本", Aliases: []string{" ", "カート", "別"}}, "": {Name: "日本", Aliases: []string{" "}},
	} {
		if got := catalog.SlugOf(s); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
}

// TestIDsAreKeptOrMade: an id that is given stays, one that is not depends on the name alone.
func TestIDsAreKeptOrMade(t *testing.T) {
	ids := func(given string) (all []string) {
		k, _ := catalog.New(catalog.Contents{
			Services: []catalog.Service{{Name: "Cart", ID: given}},
			Teams:    []catalog.Team{{Name: "Shop", ID: given, Contacts: []catalog.Contact{{ID: given, Method: "email", Address: "a@example.test"}}}},
			Users:    []catalog.User{{Email: "a@example.test", ID: given}},
		})
		c := k.Contents()
		return []string{c.Services[0].ID, c.Teams[0].ID, c.Teams[0].Contacts[0].ID, c.Users[0].ID}
	}
	if got := ids("mine"); !cmp.Equal(got, []string{"mine", "mine", "mine", "mine"}) {
		t.Error(got)
	}
	made := ids("")
	seen := map[string]bool{"": true}
	for i, id := range made {
		if seen[id] || id != ids("")[i] {
			t.Errorf("%d: %q", i, id)
		}
		seen[id] = true
	}
}

func TestContentsRoundTripAndAreCopies(t *testing.T) {
	c := account()
	c.Services[0].Properties = map[string]any{"a": []any{"b", map[string]any{"c": 1.0}}}
	k, _ := catalog.New(c)
	first := k.Contents()
	again, conflicts := catalog.New(first)
	if len(conflicts) > 0 {
		t.Fatal(conflicts)
	}
	if diff := cmp.Diff(first, again.Contents()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(first, k.Clone().Contents()); diff != "" {
		t.Error(diff)
	}
	c.Services[0].Aliases[0] = "changed"
	c.Services[0].Properties["a"].([]any)[0] = "changed"
	first.Services[1].Name = "changed"
	if diff := cmp.Diff(again.Contents(), k.Contents()); diff != "" {
		t.Error("shares with the outside:", diff)
	}
}

// Whatever is done to a catalog, its look-ups agree with its contents.
func TestLookUpsAgreeWithContents(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	name := func() string { return fmt.Sprintf("n%d", r.Intn(30)) }
	for range 200 {
		k, _ := catalog.New(catalog.Contents{})
		for range 60 {
			s := catalog.Service{Name: name(), Aliases: []string{name(), name(), fmt.Sprintf("o%d/%s", r.Intn(9), name())}}
			switch r.Intn(4) {
			case 0:
				_, _ = k.AddService(s)
			case 1:
				s.Slug = name()
				k.PutService(s)
			default:
				_ = k.AddAlias(name(), name())
			}
		}
		seen := map[string]string{}
		for _, s := range k.Services() {
			for _, a := range append([]string{s.Slug}, s.Aliases...) {
				if other, twice := seen[a]; twice {
					t.Fatalf("%q belongs to %s and %s", a, other, s.Slug)
				}
				seen[a] = s.Slug
				if got, ok := k.Match(a); !ok || got.Slug != s.Slug {
					t.Fatalf("%q matches %v, want %s", a, got, s.Slug)
				}
				if near := k.Nearest(strings.ToUpper(a), 1); len(near) == 0 || near[0] != a {
					t.Fatalf("near %q: %v", a, near)
				}
			}
		}
		for i := range 30 {
			if _, ok := k.Match(fmt.Sprintf("n%d", i)); ok != (seen[fmt.Sprintf("n%d", i)] != "") {
				t.Fatalf("n%d: %v", i, ok)
			}
		}
	}
}

func FuzzNearest(f *testing.F) {
	k, _ := catalog.New(account())
	for _, s := range []string{"cart", "", "\xff", "acme//", "a:b:c", "____"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, alias string) {
		for _, near := range k.Nearest(alias, 3) {
			if _, ok := k.Match(near); !ok {
				t.Errorf("%q is near %q, and nobody's", near, alias)
			}
		}
	})
}

func BenchmarkNearest(b *testing.B) {
	for _, services := range []int{100, 10_000} {
		var c catalog.Contents
		for i := range services {
			c.Services = append(c.Services, catalog.Service{Name: fmt.Sprintf("team %d service %d", i%97, i), Aliases: []string{fmt.Sprintf("acme/service-%d", i)}})
		}
		k, _ := catalog.New(c)
		b.Run(fmt.Sprint(services), func(b *testing.B) {
			for b.Loop() {
				k.Nearest("team_5_servize_77777", 3)
			}
		})
	}
}
