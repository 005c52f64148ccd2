package action

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
)

func lines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if !strings.HasPrefix(l, "#") {
			out = append(out, l)
		}
	}
	return out
}

// A property of the page's tables stands at these places of the context; the tables name things apart.
func places(property string) []string {
	switch {
	case strings.HasPrefix(property, "service_repository."):
		return []string{"service.service_repositories[0]." + strings.TrimPrefix(property, "service_repository.")}
	case strings.HasPrefix(property, "contact."):
		return []string{"service.owner.contacts[0]." + strings.TrimPrefix(property, "contact.")}
	case strings.HasPrefix(property, "user."):
		return []string{property, "service.owner.manager." + strings.TrimPrefix(property, "user.")}
	case strings.HasSuffix(property, ".{field_name}"):
		return []string{"template_run.inputs.full_name", "template_run.inputs.project_name"}
	}
	return []string{property}
}

func TestDocumentedProfileHasEveryPropertyOfThePagesTables(t *testing.T) {
	properties := lines(t, "testdata/page_properties.txt")
	if len(properties) != 52 {
		t.Fatalf("%d properties, and the page's tables name 52", len(properties))
	}
	status := 201
	c := runDjango(t, nil).Context(Documented).WithResponse(Coerced{Status: &status}, Success)
	for _, property := range properties {
		for _, place := range places(property) {
			if _, there := lookup(c.tree(), place); !there {
				t.Errorf("%s: the context has no %s", property, place)
			}
		}
	}
}

// shape lists the paths of a tree in their order, each with its JSON type. Of a list the first item speaks.
func shape(v any, path string) []string {
	kind := map[string]string{"a boolean": "boolean", "a string": "string", "a list": "list", "an object": "object", "a number": "number"}[kindOf(v)]
	if v == nil {
		kind = "null"
	}
	out := []string{path + " " + kind}
	switch v := v.(type) {
	case *object:
		for _, k := range v.keys {
			out = append(out, shape(v.values[k], strings.TrimPrefix(path+"."+k, "."))...)
		}
	case []any:
		if len(v) > 0 {
			out = append(out, shape(v[0], path+"[]")...)
		}
	}
	return out
}

// compareShapes fails unless got has every path of want, in its order and of its type. null goes with any type.
func compareShapes(t *testing.T, want, got []string, exact bool) {
	t.Helper()
	at := 0
	var seen []string
	for _, w := range want {
		path, kind, _ := strings.Cut(w, " ")
		i := slices.IndexFunc(got[at:], func(g string) bool { p, _, _ := strings.Cut(g, " "); return p == path })
		if i < 0 {
			t.Errorf("%s is missing, or stands too early", path)
			continue
		}
		_, is, _ := strings.Cut(got[at+i], " ")
		if is != kind && is != "null" && kind != "null" {
			t.Errorf("%s is a %s, and should be a %s", path, is, kind)
		}
		at += i + 1
		seen = append(seen, path)
	}
	for _, g := range got {
		path, _, _ := strings.Cut(g, " ")
		if exact && !slices.Contains(seen, path) {
			t.Errorf("%s is not in the published rendering", path)
		}
	}
}

func TestDocumentedProfileHasThePagesExampleInOrderAndType(t *testing.T) {
	want := shape(documented(t).tree(), "")
	got := shape(runDjango(t, nil).Context(Documented).tree(), "")
	compareShapes(t, want, got, false)
}

func TestProfile2026IsThePublishedRendering(t *testing.T) {
	c := runDjango(t, nil).Context(Published2026).tree()
	got := slices.Concat(shape(c.values["user"], "user"), shape(c.values["service"], "service"))
	want := lines(t, "testdata/published_2026.shape")
	// The published service has no tags; ours has one, to show its shape.
	got = slices.DeleteFunc(got, func(s string) bool { return strings.HasPrefix(s, "service.tags[]") })
	compareShapes(t, want, got, true)
	if manager, _ := lookup(c, "service.owner.manager"); !strings.HasPrefix(manager.(string), "#<User:0x") {
		t.Errorf("manager is %v", manager)
	}
	for path, want := range map[string]string{
		"template_run.inputs.project_name":                      "my_project6",
		"template_run.outputs.repo_url":                         "https://github.com/GROUP/my-project-6",
		"template_run.outputs.merge_request_url":                "https://github.com/GROUP/my-project-6/pull/1",
		"service.slug":                                          "my_project6",
		"service.href":                                          "/components/my_project6",
		"service.service_repositories[0].repository.name":       "my-project-6",
		"service.service_repositories[0].repository.created_on": "2026-01-08 19:03:54 UTC",
		"service.service_repositories[0].display_name":          "GROUP/my-project-6",
		"service.owner.contacts[0].contact_method":              "SLACK",
		"service.owner.contacts[1].target_href":                 "mailto:tower@example.test",
		"service.owner.contacts[1].icon":                        "mail",
	} {
		if got, _ := lookup(c, path); got != want {
			t.Errorf("%s is %v, and should be %s", path, got, want)
		}
	}
}

// The list of disputes is compared with what the profiles themselves say.
func TestDisputesAreWhereTheProfilesDiffer(t *testing.T) {
	r := runDjango(t, func(tpl *Template) { tpl.ActionOwner = "aes_sedai" })
	of := func(p Profile) map[string]string {
		m := map[string]string{}
		for _, s := range shape(r.Context(p).tree(), "") {
			path, kind, _ := strings.Cut(s, " ")
			m[path] = kind
		}
		return m
	}
	a, b := of(Documented), of(Published2026)
	for _, pair := range [][2]map[string]string{{a, b}, {b, a}} {
		for path, kind := range pair[0] {
			other, there := pair[1][path]
			if there && (other == kind) {
				continue
			}
			if _, known := disputedPaths().of(strings.ReplaceAll(path, "[]", "[0]")); !known && !strings.Contains(path, ".tags[]") {
				t.Errorf("%s is %q in one profile and %q in the other, and no dispute names it", path, kind, other)
			}
		}
	}
	for _, d := range Disputes() {
		path := strings.ReplaceAll(d.Path, "[*]", "[0]")
		_, inA := lookup(r.Context(Documented).tree(), path)
		_, inB := lookup(r.Context(Published2026).tree(), path)
		if !inA && !inB {
			t.Errorf("%s is in neither profile", d.Path)
		}
		if d.Documented == "" || d.Published == "" || d.Cure == "" {
			t.Errorf("%s says too little", d.Path)
		}
	}
}

func TestDisputesAreFoundByPathsAsTemplatesWriteThem(t *testing.T) {
	for path, want := range map[string]bool{
		"user.gravatar_url": true, "user['gravatar_url']": true, "user.gravatar_src": false, "user": false,
		"service.tags[3].gid": true, "service.tags[*].gid": true, "service.tags.first.gid": true, "service.tags": false,
		"action_owner.manager.name": true, "action_owner.manager": true, "service.owner.manager.email": true,
		"service.owner.name": false, "service.href": true, "service.service_repositories[0].repository.gid": true,
	} {
		if _, got := disputedPaths().of(path); got != want {
			t.Errorf("%s: disputed is %v", path, got)
		}
	}
}

func TestDisputedPathIsAProblem(t *testing.T) {
	f := Fire(t.Context(), testDeps(), Webhook{URL: httpServer(t, ok), Payload: `["{{ user.gravatar_url }}","{{ user.name }}"]`}, documented(t))
	if ids(f) != "context.disputed" || f.Problems[0].Line != 1 || f.Problems[0].Part != PartPayload || f.Problems[0].Expression == "" {
		t.Errorf("%+v", f.Problems)
	}
}

func TestContextsThatLackThings(t *testing.T) {
	at := func(r RunResult, path string) any {
		for _, p := range Profiles() {
			v, there := lookup(r.Context(p).tree(), path)
			if !there {
				t.Errorf("%s: no %s", p, path)
			}
			if p == Published2026 {
				return v
			}
		}
		return nil
	}
	none := runDjango(t, func(tpl *Template) {
		tpl.Forge, tpl.ActionOwner, tpl.Service.Owner, tpl.Service.Tier = NoForge, "gone", "", "tier_9"
	})
	if at(none, "service.owner") != nil || at(none, "action_owner") != nil || at(none, "service.tier_index") != nil {
		t.Error("owner, action_owner and tier_index should be null")
	}
	if v := at(none, "service.service_repositories"); len(v.([]any)) != 0 {
		t.Error("there should be no repository")
	}
	if v := at(none, "template_run.outputs"); len(v.(*object).keys) != 0 {
		t.Error("the outputs should be empty")
	}
	if got := len(none.Problems); got != 2 || none.Problems[0].ID != "run.unknown_team" || none.Problems[1].ID != "run.unknown_tier" {
		t.Errorf("%+v", none.Problems)
	}
	full := runDjango(t, func(tpl *Template) { tpl.Service.Tier, tpl.Service.Lifecycle = "tier_1", "beta" })
	if at(full, "service.tier_index") != json.Number("1") || at(full, "service.lifecycle_index") != json.Number("3") || len(full.Problems) != 0 {
		t.Errorf("%v", full.Problems)
	}
}

func TestContextSurvivesJSON(t *testing.T) {
	for _, name := range NamedContexts() {
		c, err := NamedContext(name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(struct{ Context Context }{c})
		if err != nil {
			t.Fatal(err)
		}
		var back struct{ Context Context }
		if err := json.Unmarshal(text, &back); err != nil || back.Context != c {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParseContext([]byte("{\n \"a\": 1,\n}")); err == nil || !strings.HasPrefix(err.Error(), "context:3:1: ") {
		t.Errorf("a stray comma: %v", err)
	}
}

func TestNamedContextsAndResponses(t *testing.T) {
	want := shape(documented(t).tree(), "")
	for _, name := range NamedContexts() {
		c, err := NamedContext(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "hostile" {
			compareShapes(t, slices.DeleteFunc(slices.Clone(want), func(s string) bool { return strings.HasPrefix(s, "user.id ") }), shape(c.tree(), ""), false)
		}
		for _, response := range NamedResponses() {
			r, result, err := NamedResponse(response)
			if err != nil {
				t.Fatal(err)
			}
			status, _ := lookup(c.WithResponse(r, result).tree(), "status")
			if (response == "failed") != (status == "FAILURE") {
				t.Errorf("%s: %v", response, status)
			}
		}
	}
	nulls, _ := NamedContext("nulls")
	for _, path := range []string{"service.owner", "action_owner", "service.product", "service.tier_index", "user.deactivated_at"} {
		if v, there := lookup(nulls.tree(), path); v != nil || !there {
			t.Errorf("%s is %v", path, v)
		}
	}
	created, _, _ := NamedResponse("created")
	if v, _ := lookup(documented(t).WithResponse(created, Success).tree(), "response.body.id"); v != json.Number("42") {
		t.Errorf("response.body.id is %v", v)
	}
	if _, err := NamedContext("documentd"); err == nil || !strings.Contains(err.Error(), `did you mean "documented"`) {
		t.Error(err)
	}
	if _, _, err := NamedResponse("creatd"); err == nil || !strings.Contains(err.Error(), `did you mean "created"`) {
		t.Error(err)
	}
	if strings.Contains(string(nulls.JSON()), "protected]") {
		t.Error("an address of the page's own obfuscation is left")
	}
}

func TestIDsAreGlobalIDsIn2026(t *testing.T) {
	c := runDjango(t, nil).Context(Published2026).tree()
	for path, class := range map[string]string{
		"service.id": "Service", "service.owner.id": "Team", "user.id": "User", "service.tags[0].id": "Tag",
		"service.service_repositories[0].id": "ServiceRepository", "service.service_repositories[0].repository.id": "Repositories::Github",
		"service.owner.contacts[0].id": "Contact",
	} {
		id, _ := lookup(c, path)
		if want := catalog.ID(class, numberIn(id.(string))); id != want {
			t.Errorf("%s is %v, and should be a global id of %s", path, id, class)
		}
	}
	href, _ := lookup(c, "user.href")
	id, _ := lookup(c, "user.id")
	if href != "/users/"+numberText(numberIn(id.(string))) {
		t.Errorf("user.href is %v", href)
	}
}
