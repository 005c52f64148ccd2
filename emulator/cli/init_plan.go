package cli

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

// The files of a scaffold. The scenario stands at the top, since it may read only files beside it and below.
const (
	scaffoldDir  = "bubblelevel/"
	scenarioPath = "bubblelevel-scenario.yaml"
	payloadFile  = "webhook-payload.json.liquid"
	responseFile = "webhook-response.liquid"
)

const scaffoldPayload = `{
  "service": {{ service.slug | jsonify }},
  "name": {{ service.name | jsonify }},
  "repository": {{ template_run.outputs.repo_url | jsonify }},
  "branch": {{ template_run.outputs.merge_request_branch | jsonify }},
  "inputs": {{ template_run.inputs | jsonify }},
  "requested_by": {{ user.email | jsonify }}
}
`

const scaffoldResponse = `{% if response.status == 200 %}{{ service.name }} is being provisioned.{% else %}The provisioner answered {{ response.status }}.{% endif %}
`

// scaffolding is what init writes, and what to try then.
type scaffolding struct {
	files []scaffoldFile
	next  []string
}

// scaffoldFixture is a fixture as init writes it, with texts in files.
type scaffoldFixture struct {
	Version              int `yaml:"version,required"`
	catalog.Contents     `yaml:",inline"`
	fixtures.FileLibrary `yaml:",inline"`
}

// plan makes a scaffold of what there is. An opslevel.yml that cannot be read is the error.
func plan(dir string, here surroundings) (s scaffolding, err error) {
	given := here.fixtures()
	service := catalog.Slug(filepath.Base(dir))
	if service == "" {
		service = "service"
	}
	x := scaffoldFixture{Version: 1}
	if len(given) > 0 {
		loaded, err := fixtures.LoadWithin(dir, given)
		if err != nil {
			return s, &failure{code: exitUsage, err: fixtureError(err), hint: "mend it first; `bubblelevel fixtures check FILE` reads it without writing anything"}
		}
		if len(loaded.Contents.Services) > 0 {
			service = slugOf(loaded.Contents.Services[0])
		} else {
			given = nil
		}
	}
	if len(given) == 0 {
		x.Services = []catalog.Service{{Name: service, Slug: service}}
	}
	x.Integrations = here.integrations()
	x.Templates = here.templates(filepath.Base(dir))
	given = append([]string{scaffoldDir + "fixtures.yaml"}, given...)
	inputs := map[string]string{}
	if len(here.cookies) > 0 {
		inputs = here.cookies[0].inputs()
	}
	return s, s.write(x, given, service, inputs)
}

func slugOf(s catalog.Service) string {
	if s.Slug != "" {
		return s.Slug
	}
	return catalog.Slug(s.Name)
}

// write makes the texts of the files.
func (s *scaffolding) write(x scaffoldFixture, given []string, service string, inputs map[string]string) error {
	template := x.Templates[0].Name
	for _, f := range []struct {
		path, head string
		value      any
	}{
		{settingsFile, "# The flags of every command in this folder: `bubblelevel serve` and `bubblelevel exec` read these fixtures.\n", struct {
			Fixtures []string `yaml:"fixtures"`
		}{given}},
		{scaffoldDir + "fixtures.yaml", "# What the emulator's account holds; `bubblelevel help fixture` shows all that can stand here.\n", x},
		{scenarioPath, "# A contract test, against an emulator of its own: bubblelevel run " + scenarioPath + "\n", scaffoldScenario(x, given, service, template, inputs)},
	} {
		b, err := yamlfile.Marshal(f.value)
		if err != nil {
			return err
		}
		s.files = append(s.files, scaffoldFile{f.path, f.head + string(b)})
	}
	s.files = append(s.files, scaffoldFile{scaffoldDir + payloadFile, scaffoldPayload}, scaffoldFile{scaffoldDir + responseFile, scaffoldResponse})
	fire := "bubblelevel fire " + template
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		fire += " --input " + event.ShellQuote(name+"="+inputs[name])
	}
	s.next = []string{"bubblelevel run " + scenarioPath, "bubblelevel serve --detach", "bubblelevel send --set service=" + event.ShellQuote(service), fire, "bubblelevel exec -- ./your-pipeline.sh"}
	return nil
}

// scaffoldScenario is a deploy over each integration, and a firing.
func scaffoldScenario(x scaffoldFixture, given []string, service, template string, inputs map[string]string) any {
	var steps []any
	for _, i := range x.Integrations {
		steps = append(steps, map[string]any{"send": map[string]any{"integration": i.Name, "set": map[string]any{"service": service}}})
	}
	steps = append(steps, map[string]any{"expect": map[string]any{"query": "service:" + queryWord(service) + " result:ok", "times": len(x.Integrations)}})
	fire := map[string]any{"template": template}
	if len(inputs) > 0 {
		fire["inputs"] = inputs
	}
	return struct {
		Version  int      `yaml:"version,required"`
		Name     string   `yaml:"name,required"`
		Fixtures []string `yaml:"fixtures"`
		Steps    []any    `yaml:"steps,required"`
	}{1, "deploys arrive, and a new service is provisioned", given, append(steps, map[string]any{"fire": fire})}
}

// queryWord is a value in a query, in quotes where it needs them.
func queryWord(value string) string {
	if strings.ContainsAny(value, " \":()/*'") {
		return fmt.Sprintf("%q", value)
	}
	return value
}

// fixtures are the files of others that belong to the account.
func (s surroundings) fixtures() []string {
	if len(s.opslevel) > maxNamed && !s.linked {
		return []string{"**/opslevel.yml"}
	}
	return s.opslevel
}

// integrations are one for each pipeline; one without any.
func (s surroundings) integrations() (all []catalog.Integration) {
	pipelines := s.pipelines
	if len(pipelines) == 0 {
		pipelines = []pipeline{{name: "pipeline", kind: "deploy"}}
	}
	for _, p := range pipelines {
		all = append(all, catalog.Integration{UUID: clock.Random{}.UUID(), Name: p.name, Type: p.kind})
	}
	return all
}

// templates are one for each cookiecutter.json; a small one of our own without any.
func (s surroundings) templates(dir string) (all []action.TemplateSource) {
	webhook := &action.WebhookSource{
		URL: "receiver:provisioner", Method: "POST", Headers: map[string]string{"Content-Type": "application/json"},
		PayloadFile: payloadFile, ResponseTemplateFile: responseFile,
	}
	seen := map[string]int{}
	for _, c := range s.cookies {
		name := c.templateName(dir)
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s-%d", name, seen[name])
		}
		all = append(all, action.TemplateSource{Name: name, Group: "acme", CookiecutterFile: "../" + c.path, Webhook: webhook})
	}
	if len(all) == 0 {
		all = []action.TemplateSource{{Name: "service", Group: "acme", Cookiecutter: `{"project_name": "My Service"}`, Webhook: webhook}}
	}
	return all
}
