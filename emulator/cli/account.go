package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

// demonstration is the value of --fixtures that asks for the embedded account, also where an opslevel.yml would be found.
const demonstration = ":default:"

// account is what an emulator starts with.
type account struct {
	// contents is nil for the embedded demonstration.
	contents *catalog.Contents
	// library are the service templates; nil with nil contents for those of the demonstration.
	library *action.Library
	// given says that a person named the services there are, so that an unknown alias is a mistake.
	given bool
	// notes are for the person: where the account comes from, and what is odd about its files.
	notes []string
}

// findAccount reads the files that --fixtures names. Without any it takes the opslevel.yml of the repository, and without
// that one the demonstration.
func (a *app) findAccount(paths []string) (account, error) {
	if len(paths) == 1 && paths[0] == demonstration {
		return account{}, nil
	}
	if len(paths) > 0 {
		loaded, err := a.loadFixtures(paths)
		if err != nil {
			return account{}, err
		}
		return accountOf(loaded, "fixtures: "+sourcesText(loaded)), nil
	}
	name, ok := fixtures.Discover(a.Dir)
	if !ok {
		return account{}, nil
	}
	name = a.short(name)
	loaded, err := fixtures.Load([]string{name})
	if err != nil {
		return account{}, hinted("--fixtures "+demonstration+" starts without it, --fixtures FILE with another",
			"the opslevel.yml of this repository cannot be used: %w", fixtureError(err))
	}
	if len(loaded.Contents.Services) == 0 {
		return account{notes: []string{name + " names no service, so the account is the demonstration; --fixtures FILE names yours"}}, nil
	}
	return accountOf(loaded, fmt.Sprintf("using %s, found from here up to the root of the repository; --fixtures FILE names another", sourcesText(loaded))), nil
}

func accountOf(loaded fixtures.Loaded, from string) account {
	contents := fixtures.WithIntegrations(loaded.Contents)
	return account{
		contents: &contents, library: &loaded.Library,
		given: len(contents.Services) > 0,
		notes: append([]string{from}, noteLines(loaded.Notes, mostNotes)...),
	}
}

// environment are the variables that secrets may be taken from: those that fixtures name, and those that were named
// beside them. No other variable of the process ever reaches a template.
func (a *app) environment(l *action.Library, further []string) map[string]string {
	names := further
	if l != nil {
		for _, s := range l.Secrets {
			names = append(names[:len(names):len(names)], s.Env)
			if a.Getenv(s.Env) == "" {
				a.tell("the variable %s is not set, so the secret %s has no value", s.Env, s.Name)
			}
		}
	}
	found := map[string]string{}
	for _, name := range names {
		if v := a.Getenv(name); v != "" {
			found[name] = v
		}
	}
	return found
}

// loadFixtures reads files and patterns, relative to the working directory.
func (a *app) loadFixtures(paths []string) (fixtures.Loaded, error) {
	short := make([]string, len(paths))
	for i, p := range paths {
		if p == "" || p == demonstration {
			return fixtures.Loaded{}, usage("--fixtures %q does not go together with files", p)
		}
		short[i] = a.short(p)
	}
	loaded, err := fixtures.Load(short)
	if err != nil {
		return loaded, &failure{code: exitUsage, err: fixtureError(err), hint: "`bubblelevel help fixture` shows the form; `bubblelevel fixtures check FILE` reads files without starting anything"}
	}
	return loaded, nil
}

// fixtureError makes the errors of all files one: "file:line:column: message" for each.
func fixtureError(err error) error {
	var several yamlfile.Errors
	if errors.As(err, &several) && len(several) > 1 {
		return fmt.Errorf("the fixtures have %d mistakes:\n%w", len(several), err)
	}
	return err
}

// short is a path relative to the working directory where it lies in it, or above it in the same repository: what a
// person would type, and what shall stand in the origin of a service.
func (a *app) short(path string) string {
	if wd, err := os.Getwd(); err != nil || wd != a.Dir {
		if filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(a.Dir, path) // a caller with a directory of its own: see IO
	}
	if !filepath.IsAbs(path) {
		return path
	}
	rel, err := filepath.Rel(a.Dir, path)
	if err != nil || strings.Count(rel, "..") > mostUp {
		return path
	}
	return rel
}

// mostUp is how many folders up a relative path is still easier to read than the whole one.
const mostUp = 6

// mostNotes is how many notes about fixtures a start prints.
const mostNotes = 10

// noteLines are notes in lines, at most so many; 0 means all.
func noteLines(notes []yamlfile.Note, most int) []string {
	var lines []string
	for i, n := range notes {
		if most > 0 && i == most {
			lines = append(lines, fmt.Sprintf("%d more notes; `bubblelevel fixtures check FILE...` shows them all", len(notes)-i))
			break
		}
		lines = append(lines, "note: "+n.String())
	}
	return lines
}

// sourcesText names the files that were read, and how many services there are.
func sourcesText(loaded fixtures.Loaded) string {
	services := count(len(loaded.Contents.Services), "service")
	switch n := len(loaded.Sources); {
	case n > 3:
		return fmt.Sprintf("%d files (%s)", n, services)
	default:
		var names []string
		for _, s := range loaded.Sources {
			names = append(names, s.Path)
		}
		return fmt.Sprintf("%s (%s)", strings.Join(names, ", "), services)
	}
}

// count is "1 service" or "2 services".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
