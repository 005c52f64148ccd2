package action

// Library is what an account knows of service templates. Nothing in it is secret: a secret is the name of an environment
// variable, whose value is looked up when a webhook is fired, and [Webhook.SigningSecret] of a template in a Library is
// the name of a secret.
type Library struct {
	Templates []Template `json:"templates,omitempty"`
	Secrets   []Secret   `json:"secrets,omitempty"`
}

// Secret gives a value of the environment a name: {{ 'gitlab_token' | secret }}.
type Secret struct {
	Name string `json:"name" yaml:"name,required"`
	// Env is the variable that holds the value. No other is ever read.
	Env string `json:"env" yaml:"env,required"`
}

// Template finds a template by its name.
func (l Library) Template(name string) (Template, bool) {
	for _, t := range l.Templates {
		if t.Name == name {
			return t, true
		}
	}
	return Template{}, false
}

// Names are those of the templates, in their order.
func (l Library) Names() []string {
	var names []string
	for _, t := range l.Templates {
		names = append(names, t.Name)
	}
	return names
}

// Nearest is the name of a template that looks most like one that is not there; empty where none does.
func (l Library) Nearest(name string) string { return nearest(name, l.Names()) }

// Values are the secrets by name, as far as the environment has them.
func (l Library) Values(environment map[string]string) map[string]string {
	values := map[string]string{}
	for _, s := range l.Secrets {
		if v, ok := environment[s.Env]; ok {
			values[s.Name] = v
		}
	}
	return values
}
