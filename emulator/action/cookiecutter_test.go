package action

import (
	"reflect"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

func emptyAccount() *catalog.Catalog {
	k, _ := catalog.New(catalog.Contents{})
	return k
}

const cookiecutter = "\ufeff" + `{
  "full_name": "First Last",
  "project_name": "Django Boilerplate",
  "project_slug": "{{ cookiecutter.project_name.lower().replace(' ', '_') }}",
  "django_version": 4.20,
  "license": ["MIT", "Apache-2.0", "none"],
  "database": ["postgres", "{{ cookiecutter.project_slug }}"],
  "use_docker": true,
  "empty": "",
  "nothing": null,
  "regions": {"eu": {"count": 2, "zone": "a"}, "us": {}},
  "paths": {"{% if x %}": 1},
  "_extensions": ["jinja2_time.TimeExtension"],
  "__computed": "{{ cookiecutter.full_name }}",
  "__prompts__": {"full_name": "Who are you?", "license": {"__prompt__": "Which licence?", "MIT": "the short one"}}
}`

func TestParseCookiecutter(t *testing.T) {
	got, err := ParseCookiecutter([]byte(cookiecutter))
	if err != nil {
		t.Fatal(err)
	}
	want := []Field{
		{Name: "full_name", Kind: Text, Default: "First Last", Prompt: "Who are you?"},
		{Name: "project_name", Kind: Text, Default: "Django Boilerplate"},
		{Name: "project_slug", Kind: Text, Required: true},
		{Name: "django_version", Kind: Text, Default: "4.20"},
		{Name: "license", Kind: Text, Default: "MIT", Choices: []string{"MIT", "Apache-2.0", "none"}, Prompt: "Which licence?"},
		{Name: "database", Kind: Text, Default: "postgres"},
		{Name: "use_docker", Kind: Boolean, Default: "true"},
		{Name: "empty", Kind: Text},
		{Name: "nothing", Kind: Text},
		{Name: "regions", Kind: Object, Default: `{"eu":{"count":2,"zone":"a"},"us":{}}`},
		{Name: "paths", Kind: Object, Required: true},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestParseCookiecutterErrors(t *testing.T) {
	for in, want := range map[string]string{
		"{\n  \"a\": 1,\n}": "cookiecutter.json:3:1: ",
		"":                  "cookiecutter.json:1:1: unexpected end",
		`["a"]`:             "the top level is a list",
		`{"a": []}`:         "a is an empty list",
		`{"a": ["x", {}]}`:  "an object among its choices",
		"{\"a\": \"\xff\"}": "not UTF-8",
		strings.Repeat("[", 200) + strings.Repeat("]", 200): "nested deeper",
	} {
		if _, err := ParseCookiecutter([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v", in, err)
		}
	}
}

func TestInputsAreOfTheirKindInTheContext(t *testing.T) {
	fields, err := ParseCookiecutter([]byte(cookiecutter))
	if err != nil {
		t.Fatal(err)
	}
	tpl := Template{Name: "x", Forge: GitHub, Group: "g", Fields: fields}
	r, err := Run(RunRequest{Template: tpl, Inputs: []Input{
		{"project_slug", "s"}, {"use_docker", "no"}, {"paths", `{"b":1.0,"a":[12345678901234567890]}`}, {"database", "anything goes"},
	}}, emptyAccount(), clock.NewManual(noon), clock.NewSeeded(1))
	if err != nil {
		t.Fatal(err)
	}
	inputs, _ := lookup(r.Context(Documented).tree(), "template_run.inputs")
	want := `{"full_name":"First Last","project_name":"Django Boilerplate","project_slug":"s","django_version":"4.20","license":"MIT",` +
		`"database":"anything goes","use_docker":false,"empty":"","nothing":"","regions":{"eu":{"count":2,"zone":"a"},"us":{}},` +
		`"paths":{"b":1.0,"a":[12345678901234567890]}}`
	if got := string(writeTree(inputs)); got != want {
		t.Error(got)
	}
	if strings.Contains(string(r.Context(Documented).JSON()), "cookiecutter.") {
		t.Error("raw Jinja in the context")
	}
	for _, bad := range []Input{{"use_docker", "perhaps"}, {"paths", "[1]"}, {"paths", "{"}} {
		_, err := Run(RunRequest{Template: tpl, Inputs: []Input{{"project_slug", "s"}, bad}}, emptyAccount(), clock.NewManual(noon), clock.NewSeeded(1))
		if err == nil || !strings.Contains(err.Error(), bad.Name) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}
