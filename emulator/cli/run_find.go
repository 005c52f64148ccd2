package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
	"github.com/bubblelevel/bubblelevel/scenarios"
)

// finder collects scenarios, and what is wrong with any of them.
type finder struct {
	all  []*scenarios.Scenario
	errs yamlfile.Errors
	// seen are the files and names that are there already.
	seen map[string]bool
	// left are YAML files in folders that are no scenarios.
	left []string
	dir  string
}

// findScenarios reads what the arguments name. Nothing found is an error: a run of no tests is green, and says nothing.
func (a *app) findScenarios(args []string) ([]*scenarios.Scenario, error) {
	f := &finder{seen: map[string]bool{}, dir: a.Dir}
	for _, arg := range args {
		if err := f.argument(arg); err != nil {
			return nil, err
		}
	}
	if len(f.errs) > 0 {
		return nil, scenarioError(f.errs)
	}
	if len(f.left) > 0 {
		a.tell("note: left out, since it has no steps: %s", event.Clean(strings.Join(f.left, ", "), 500))
	}
	if len(f.all) == 0 {
		return nil, hinted("a scenario is a YAML file with version: 1, name: and steps:", "there is no scenario in %s", strings.Join(args, ", "))
	}
	return f.all, nil
}

func (f *finder) argument(arg string) error {
	if arg == "" {
		return hinted("is a variable of the shell empty that stands here? . stands for this folder", "an empty argument names no scenario")
	}
	name := arg
	if !filepath.IsAbs(name) {
		name = filepath.Join(f.dir, name)
	}
	at, err := os.Stat(name)
	switch {
	case err == nil && at.IsDir():
		return f.folder(arg, name)
	case err == nil:
		f.file(arg, name, true)
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return f.embedded(arg)
}

// embedded takes the scenarios in the binary that have this name, which may be a pattern.
func (f *finder) embedded(arg string) error {
	found := false
	for _, s := range scenarios.Library() {
		if ok, err := path.Match(arg, s.Path); err != nil || !ok {
			continue
		}
		found = true
		if !f.seen[":"+s.Path] {
			f.seen[":"+s.Path] = true
			f.all = append(f.all, s)
		}
	}
	if !found {
		return noScenario(arg)
	}
	return nil
}

func noScenario(name string) error {
	hint := yamlfile.DidYouMean(name, scenarios.LibraryNames())
	if hint == "" {
		hint = "`bubblelevel run` lists the embedded ones"
	}
	return hinted(hint, "there is no file and no embedded scenario %q", name)
}

// folder takes the YAML files in a folder and below, but for hidden ones.
func (f *finder) folder(arg, dir string) error {
	return filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if file != dir && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if ext := filepath.Ext(file); d.IsDir() || ext != ".yaml" && ext != ".yml" {
			return nil
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		f.file(filepath.Join(arg, rel), file, false)
		if len(f.all) > scenarios.MaxScenarios {
			return usage("%s holds more than %d scenarios", arg, scenarios.MaxScenarios)
		}
		return nil
	})
}

// file reads one file; shown is its name as it was given. named says that it was asked for by itself, so that it must be
// a scenario.
func (f *finder) file(shown, name string, named bool) {
	if f.seen[name] {
		return
	}
	f.seen[name] = true
	src, err := readScenario(name)
	if err != nil {
		f.errs = append(f.errs, &yamlfile.Error{File: shown, Message: err.Error()})
		return
	}
	if !named && !looksLikeScenario(src) {
		f.left = append(f.left, shown)
		return
	}
	s, err := scenarios.Parse(shown, src)
	var wrong yamlfile.Errors
	switch {
	case errors.As(err, &wrong):
		f.errs = append(f.errs, wrong...)
	case err != nil:
		f.errs = append(f.errs, &yamlfile.Error{File: shown, Message: err.Error()})
	default:
		s.Dir = filepath.Dir(name)
		f.all = append(f.all, s)
	}
}

func readScenario(name string) ([]byte, error) {
	src, err := readFileUpTo(name, scenarios.MaxFile)
	if err == nil && len(src) > scenarios.MaxFile {
		err = fmt.Errorf("the file is larger than %d KiB", scenarios.MaxFile>>10)
	}
	return src, err
}

// looksLikeScenario tells a scenario from the other YAML in a folder. One whose keys are misspelt still looks like one, so
// that it is not overlooked: what is left out has neither steps nor a name, or has what a fixture has.
func looksLikeScenario(src []byte) bool {
	f, err := yamlfile.Parse("", src)
	if err != nil || len(f.Docs) != 1 {
		return true // reading it will say what is wrong
	}
	doc := f.Docs[0]
	if doc.Get("steps") != nil || doc.Get("version") != nil && doc.Get("name") != nil {
		return true
	}
	for _, p := range doc.Pairs {
		if yamlfile.DidYouMean(p.Key.Text, []string{"steps"}) != "" {
			return true
		}
	}
	return false
}

// filtered are the scenarios in whose name or file an expression finds something.
func filtered(all []*scenarios.Scenario, expression string) ([]*scenarios.Scenario, error) {
	re, err := regexp.Compile(expression)
	if err != nil {
		return nil, usage("--filter: %v", err)
	}
	out := slices.DeleteFunc(all, func(s *scenarios.Scenario) bool { return !re.MatchString(s.Name) && !re.MatchString(s.Path) })
	if len(out) == 0 {
		return nil, hinted("`bubblelevel run --list` names them", "--filter %s leaves no scenario", expression)
	}
	return out, nil
}

// shuffled are the scenarios in an order drawn from a number.
func (a *app) shuffled(all []*scenarios.Scenario, from string) ([]*scenarios.Scenario, error) {
	if from == "" {
		return all, nil
	}
	seed, err := strconv.ParseUint(from, 10, 64)
	if from == "random" {
		if seed, err = strconv.ParseUint(clock.Random{}.Token()[:8], 16, 64); err == nil {
			a.tell("shuffled: --shuffle %d gives this order again", seed)
		}
	}
	if err != nil {
		return nil, usage("--shuffle takes a number, or random, not %q", from)
	}
	out := slices.Clone(all)
	for i := len(out) - 1; i > 0; i-- {
		j := int(clock.Draw(seed, "shuffle", uint64(i)) * float64(i+1))
		out[i], out[j] = out[j], out[i]
	}
	return out, nil
}
