package action

import (
	"fmt"
	"strings"
	"testing"
)

func TestReadsOfATemplate(t *testing.T) {
	for template, want := range map[string]string{
		"no tags {": "",
		"{{ user.name }} and {{- service['href'] | upcase -}}":                "user.name@1:4 service['href']@1:25 upcase@1:43",
		"{% if user.gravatar_url == 'user.x' %}":                              "if@1:4 user.gravatar_url@1:7",
		"{% for r in service.service_repositories %}\n{{ r.gid }}":            "for@1:4 r@1:8 in@1:10 service.service_repositories@1:13 service.service_repositories[*].gid@2:4",
		"{%- assign o = service.owner %}{{ o.manager.name }}":                 "assign@1:5 o@1:12 service.owner@1:16 service.owner.manager.name@1:35",
		"{% assign c = service.owner.contacts | first %}{{ c.id }}":           "assign@1:4 c@1:11 service.owner.contacts@1:15 first@1:40 service.owner.contacts[*].id@1:51",
		"{% assign t = service.tags %}{% assign t = t | first %}{{ t.id }}":   "assign@1:4 t@1:11 service.tags@1:15 assign@1:33 service.tags@1:40 service.tags@1:44 first@1:48 service.tags[*].id@1:59",
		"{{ service.tags | map: 'gid' }}":                                     "service.tags[*].gid@1:4 service.tags@1:4 map@1:19",
		"{% raw %}{{ user.gravatar_url }}{% endraw %}{{ service.tags[0].x }}": "service.tags[0].x@1:48",
		"{% comment %}\n{{ a }}\n{% endcomment %}{{ b }}":                     "b@3:20",
		"{% liquid\nassign x = user\necho x.gravatar_url %}":                  "liquid@1:4 assign@2:1 x@2:8 user@2:12 echo@3:1 user.gravatar_url@3:6",
		"{{ unclosed.path": "",
	} {
		var got []string
		for _, r := range readsOf(template) {
			line, column := placeOf([]byte(template), r.offset)
			got = append(got, fmt.Sprintf("%s@%d:%d", r.path, line, column))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s\n got %s\nwant %s", template, strings.Join(got, " "), want)
		}
	}
}

func TestHugeTemplateHasFewDisputes(t *testing.T) {
	if got := disputes(PartPayload, strings.Repeat("{{user.gravatar_url}}{{a}}{% for a in a %}", 10_000)); len(got) != maxDisputes {
		t.Error(len(got))
	}
}

// TestNamesThatGrowAreNotFollowed: two names that are assigned to each other would stand for ever longer paths, and a
// template of 280 KB for gigabytes of them.
func TestNamesThatGrowAreNotFollowed(t *testing.T) {
	all := readsOf(strings.Repeat("{% assign a = b.xxxx %}{% assign b = a.yyyy %}", 6_000))
	if len(all) != 36_000 {
		t.Error(len(all))
	}
	for _, r := range all {
		if len(r.path) > maxFollowed+len(r.expression) {
			t.Fatalf("a path of %d letters for %s", len(r.path), r.expression)
		}
	}
}

func FuzzReadsOf(f *testing.F) {
	for _, seed := range []string{"{{ a.b[0]['c'] | map: 'x' }}", "{% for a in b %}{{a}}{% assign a = b | first %}", "{% raw %}{{", "{%liquid\nassign x = y\n%}", "{{{%}}%}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, template string) {
		for _, r := range readsOf(template) {
			if r.offset < 0 || r.offset >= len(template) {
				t.Errorf("%q is said to stand at %d of %q", r.expression, r.offset, template)
			}
			disputedPaths().of(r.path)
		}
	})
}
