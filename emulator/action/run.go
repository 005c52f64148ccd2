package action

import (
	"fmt"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// RunRequest is what is asked of a template.
type RunRequest struct {
	Template Template
	// Inputs are the values given, in any order.
	Inputs []Input
	// User is the e-mail address of who runs it; empty: the account's first user.
	User string
}

// RunResult is what a run makes. Nothing has been changed yet: whoever owns the account adds Service to it.
type RunResult struct {
	// Inputs are all inputs of the template in its order, defaults included.
	Inputs []Input `json:"inputs"`
	// Service is the new service with its free slug and its repository.
	Service catalog.Service `json:"service"`
	Outputs Outputs         `json:"outputs"`
	// Problems are worth telling although the run succeeded.
	Problems []Problem `json:"problems,omitempty"`

	contexts map[Profile]Context
}

// Context is what the webhook of this run sees; an empty profile means [Documented].
func (r RunResult) Context(p Profile) Context {
	if p == "" {
		p = Documented
	}
	return r.contexts[p]
}

// Run checks the inputs and works out what the run creates. It reads the account and changes nothing; the same clock,
// ids and account give the same result. Errors: [InputErrors] for what is wrong with the inputs; any other error says
// why no service can be made of them.
func Run(r RunRequest, k *catalog.Catalog, c clock.Clock, ids clock.IDs) (RunResult, error) {
	inputs, wrong := checkInputs(r.Template.Fields, r.Inputs)
	user, err := r.user(k)
	if err != nil {
		wrong = append(wrong, *err)
	}
	if len(wrong) > 0 {
		return RunResult{}, wrong
	}
	name, field := r.Template.serviceName(inputs)
	slug := k.FreeSlug(catalog.Slug(name))
	if slug == "" {
		return RunResult{}, fmt.Errorf("input %q names the service, and %q has no letter or digit to make its slug of", field, name)
	}
	f := factsOf(r.Template, inputs, user, k)
	f.now, f.draws = c.Now(), draw(ids, len(r.Template.Service.Tags))
	f.service = r.Template.newService(name, slug, f.draws)
	if r.Template.hasRepository() {
		f.outputs = outputsOf(r.Template, f.service.Repositories[0].Name, f.draws.branch)
	}
	result := RunResult{Inputs: inputs, Service: f.service, Outputs: f.outputs, Problems: f.problems(), contexts: map[Profile]Context{}}
	for _, p := range Profiles() {
		result.contexts[p] = contextOf(f, p)
	}
	return result, nil
}

// factsOf gathers what the account says about a run.
func factsOf(t Template, inputs []Input, user catalog.User, k *catalog.Catalog) facts {
	f := facts{template: t, inputs: inputs, user: user, managers: map[string]*catalog.User{}}
	f.owner, _ = k.Team(t.Service.Owner)
	f.actionOwner, _ = k.Team(t.ActionOwner)
	for _, team := range []*catalog.Team{f.owner, f.actionOwner} {
		if team != nil {
			f.managers[team.Manager], _ = k.UserByEmail(team.Manager)
		}
	}
	f.tier, f.hasTier = k.TierIndex(t.Service.Tier)
	f.lifecycle, f.hasLifecycle = k.LifecycleIndex(t.Service.Lifecycle)
	return f
}

// user finds who runs the template; an account without users has one that the page's example knows.
func (r RunRequest) user(k *catalog.Catalog) (catalog.User, *InputError) {
	if r.User != "" {
		if u, ok := k.UserByEmail(r.User); ok {
			return *u, nil
		}
	}
	users := k.Users()
	if r.User != "" {
		var known []string
		for _, u := range users {
			known = append(known, u.Email)
		}
		return catalog.User{}, &InputError{Field: "user", Given: r.User, Kind: "unknown_user", Nearest: nearest(r.User, known)}
	}
	if len(users) > 0 {
		return users[0], nil
	}
	return catalog.User{
		ID: catalog.ID("User", steady("User", "first.last@example.test")), Name: "First Last", Email: "first.last@example.test",
		Role: "admin", ProvisionedBy: "OpsLevel Admin",
	}, nil
}

// serviceName is the name of the new service with the input it comes from. A template without any field names its
// services after itself.
func (t Template) serviceName(inputs []Input) (name, field string) {
	candidates := []string{"project_name", "service_name", "component_name", "name"}
	if t.Service.NameField != "" {
		candidates = []string{t.Service.NameField}
	}
	for _, c := range candidates {
		for _, in := range inputs {
			if in.Name == c {
				return strings.TrimSpace(in.Value), c
			}
		}
	}
	if len(inputs) > 0 {
		return strings.TrimSpace(inputs[0].Value), inputs[0].Name
	}
	return t.Name, ""
}

func (t Template) newService(name, slug string, d draws) catalog.Service {
	s := catalog.Service{
		ID: catalog.ID("Service", d.service), Name: name, Slug: slug, Owner: t.Service.Owner, Product: t.Service.Product,
		Language: t.Service.Language, Framework: t.Service.Framework, Tier: t.Service.Tier, Lifecycle: t.Service.Lifecycle,
		Tags: append([]catalog.Tag(nil), t.Service.Tags...), Origin: "template run",
	}
	if !t.hasRepository() {
		return s
	}
	branch := t.Service.DefaultBranch
	if branch == "" {
		branch = "main"
	}
	repo := fullName(t, RepositoryName(slug))
	s.Repositories = []catalog.ServiceRepository{{
		Name: repo, Provider: string(t.Forge), DisplayName: repo, DefaultBranch: branch, Private: true,
	}}
	return s
}

// facts are all that a context is made of.
type facts struct {
	template           Template
	inputs             []Input
	outputs            Outputs
	user               catalog.User
	service            catalog.Service
	owner, actionOwner *catalog.Team
	managers           map[string]*catalog.User // by e-mail address
	tier, lifecycle    int
	hasTier            bool
	hasLifecycle       bool
	now                time.Time
	draws              draws
}

// problems are names in the template that the account does not know: the context has null for each.
func (f facts) problems() []Problem {
	s := f.template.Service
	var out []Problem
	absent := func(missing bool, what, name, path string) {
		if missing && name != "" {
			out = append(out, Problem{
				ID: "run.unknown_" + what, Severity: Warning, Part: "run", Expression: name,
				Message: fmt.Sprintf("The account has no %s %q, so %s is null in the context.", what, name, path),
				Cure:    "Correct the name in the template, or leave it empty where null is meant.",
			})
		}
	}
	absent(f.owner == nil, "team", s.Owner, "service.owner")
	absent(f.actionOwner == nil, "team", f.template.ActionOwner, "action_owner")
	absent(!f.hasTier, "tier", s.Tier, "service.tier_index")
	absent(!f.hasLifecycle, "lifecycle", s.Lifecycle, "service.lifecycle_index")
	return out
}
