package scenarios

import (
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// allowed is what keeps the scenario from being run with these options.
func (s *Scenario) allowed(o Options) yamlfile.Errors {
	c := checker{f: s.file}
	for i := range s.Steps {
		step := &s.Steps[i]
		if step.Run != nil && !o.AllowRun {
			c.fail(&yamlfile.Node{Pos: step.Pos}, "look at what it runs, and allow it with --allow-run", "this step runs a program, which is not allowed")
		}
		referring(step, func(n *yamlfile.Node) {
			parts, _, _ := split(n.Text)
			for _, p := range parts {
				if p.ref != nil && p.ref.space == "env" {
					c.variable(n, p.ref.name, o)
				}
			}
		})
	}
	return c.errs
}

// variable says whether a scenario may read a variable, and whether there is one.
func (c *checker) variable(n *yamlfile.Node, name string, o Options) {
	if !strings.HasPrefix(name, EnvPrefix) && !slices.Contains(o.AllowEnv, name) {
		c.fail(n, "allow it with --allow-env "+name+", or call it "+EnvPrefix+name, "the variable %s may not be read", name)
		return
	}
	if _, ok := lookUp(o.Environ, name); !ok {
		c.fail(n, "export "+name+"=...", "the variable %s is not set", name)
	}
}

// lookUp is the value of a variable; the last one counts.
func lookUp(environ []string, name string) (value string, ok bool) {
	for _, pair := range environ {
		if v, is := strings.CutPrefix(pair, name+"="); is {
			value, ok = v, true
		}
	}
	return value, ok
}
