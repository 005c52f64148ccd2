package action

import (
	"errors"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

func TestRunMakesServiceRepositoryAndOutputs(t *testing.T) {
	r := runDjango(t, nil)
	if r.Service.Name != "my_project6" || r.Service.Slug != "my_project6" || r.Service.Owner != "aes_sedai" || r.Service.Language != "Java" {
		t.Errorf("%+v", r.Service)
	}
	if got := r.Service.Repositories[0]; got.Name != "GROUP/my-project-6" || got.Provider != "github" || got.DefaultBranch != "main" {
		t.Errorf("%+v", got)
	}
	if !regexp.MustCompile(`^opslevel/initialize_service_[0-9a-f]{8}$`).MatchString(r.Outputs.MergeRequestBranch) {
		t.Error(r.Outputs.MergeRequestBranch)
	}
	gitlab := runDjango(t, func(tpl *Template) { tpl.Forge, tpl.ForgeURL, tpl.Group = GitLab, "https://git.example.test/", "a/b" })
	if got := gitlab.Outputs.MergeRequestURL; got != "https://git.example.test/a/b/my-project-6/-/merge_requests/1" {
		t.Error(got)
	}
	k := account(t)
	if s, err := k.AddService(r.Service); err != nil || s.ID != r.Service.ID {
		t.Errorf("the account does not take the service: %v", err)
	}
}

func TestRunIsReproducedByItsSeed(t *testing.T) {
	a, b := runDjango(t, nil), runDjango(t, nil)
	if !reflect.DeepEqual(a, b) {
		t.Error("the same seed gives another run")
	}
}

func TestRepositoryNames(t *testing.T) {
	for slug, want := range map[string]string{
		"my_project6": "my-project-6", "django_test": "django-test", "v2api": "v-2-api", "cart": "cart", "a1_b2": "a-1-b-2", "2048": "2048",
	} {
		if got := RepositoryName(slug); got != want {
			t.Errorf("%s: %s, and should be %s", slug, got, want)
		}
	}
}

func TestRunGivesTheNextFreeSlug(t *testing.T) {
	k := account(t)
	for _, want := range []string{"shopping_cart_2", "shopping_cart_3"} {
		r, err := Run(RunRequest{Template: django(), Inputs: []Input{{"project_name", "Shopping Cart"}}}, k, clock.NewManual(noon), clock.NewSeeded(1))
		if err != nil || r.Service.Slug != want {
			t.Fatalf("%s, %v", r.Service.Slug, err)
		}
		if _, err := k.AddService(r.Service); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRunRefusesWrongInputsAndCreatesNothing(t *testing.T) {
	k := account(t)
	for name, c := range map[string]struct {
		inputs []Input
		user   string
		want   string
	}{
		"missing":    {nil, "", `input "project_name" is missing: the template has no default for it`},
		"blank":      {[]Input{{"project_name", "  "}}, "", `input "project_name" is missing`},
		"unknown":    {[]Input{{"projectname", "x"}, {"project_name", "x"}}, "", `no input "projectname": did you mean "project_name"? it has full_name, email`},
		"choice":     {[]Input{{"project_name", "x"}, {"django_version", "4.2"}}, "", `input "django_version" cannot be "4.2": did you mean "4.2.2"? it has 4.2.2, 5.0`},
		"repeated":   {[]Input{{"project_name", "x"}, {"project_name", "y"}}, "", `input "project_name" is given more than once`},
		"user":       {[]Input{{"project_name", "x"}}, "first.lst@example.test", `no user "first.lst@example.test": did you mean "first.last@example.test"?`},
		"no letters": {[]Input{{"project_name", "!!!"}}, "", `"!!!" has no letter or digit`},
	} {
		before := k.Len()
		_, err := Run(RunRequest{Template: django(), Inputs: c.inputs, User: c.user}, k, clock.NewManual(noon), clock.NewSeeded(1))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if k.Len() != before {
			t.Errorf("%s: something was created", name)
		}
	}
	_, err := Run(RunRequest{Template: django(), Inputs: []Input{{"a", ""}, {"b", ""}}}, k, clock.NewManual(noon), clock.NewSeeded(1))
	var wrong InputErrors
	if !errors.As(err, &wrong) || len(wrong) != 3 {
		t.Errorf("all that is wrong should be told: %v", err)
	}
}

// TestChoiceWithoutADefault: it is missing where nothing is given, unless nothing is one of the choices.
func TestChoiceWithoutADefault(t *testing.T) {
	run := func(choices ...string) error {
		tpl := Template{Name: "t", Forge: NoForge, Fields: []Field{{Name: "name", Default: "x"}, {Name: "size", Choices: choices}}}
		_, err := Run(RunRequest{Template: tpl}, emptyAccount(), clock.NewManual(noon), clock.NewSeeded(1))
		return err
	}
	if err := run("s", "m"); err == nil || err.Error() != `input "size" is missing: the template has no default for it, and it takes one of s, m` {
		t.Error(err)
	}
	if err := run("", "m"); err != nil {
		t.Error(err)
	}
}

func TestRunOfABareAccountAndTemplate(t *testing.T) {
	r, err := Run(RunRequest{Template: Template{Name: "Empty One", Forge: NoForge}}, emptyAccount(), clock.NewManual(noon), clock.NewSeeded(1))
	if err != nil || r.Service.Slug != "empty_one" {
		t.Fatalf("%+v, %v", r.Service, err)
	}
	if name, _ := lookup(r.Context("").tree(), "user.name"); name != "First Last" {
		t.Error(name)
	}
}

func TestTemplateCheck(t *testing.T) {
	bad := Template{
		Forge: "svn", Fields: []Field{{Name: "a", Default: "{{ cookiecutter.b }}"}, {Name: "a"}, {Name: "c", Kind: "int"}, {}, {Name: "d", Default: "z", Choices: []string{"x", "y"}}},
		Service: NewService{NameField: "zz"}, Webhook: &Webhook{Method: "HEAD", Headers: map[string]string{"A b": "", "x": "", "X": ""}, Settings: Settings{Retries: -1}},
	}
	err := bad.Check()
	for _, want := range []string{
		"needs a name", `forge is "svn"`, "has Jinja", "stands twice", `kind "int"`, "without a name", `field "d" has the default "z", and its choices are x, y`, `name_field "zz"`, "url is missing",
		`method is "HEAD"`, `header name "A b"`, `headers "X" and "x" are the same`, "cannot be negative",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not told: %v", want, err)
		}
	}
	if err := django().Check(); err != nil {
		t.Error(err)
	}
	if err := (Template{Name: "x", Forge: GitHub}).Check(); err == nil {
		t.Error("a repository without a group")
	}
}
