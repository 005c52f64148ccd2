package scenarios

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

// open starts the emulator of the scenario: in memory, on a free port of loopback, with a clock of its own.
func (r *run) open() error {
	s := r.scenario
	account, given, err := s.account()
	if err != nil {
		return err
	}
	r.clock, r.ids = clock.NewAdjustable(), clock.Random{}
	if s.Now != nil {
		if r.clock, err = clock.NewFrozen(*s.Now); err != nil {
			return s.file.Errorf(s.doc.Get("now"), "", "%v", err)
		}
	}
	if s.Seed != 0 {
		r.ids = clock.NewSeeded(uint64(s.Seed))
	}
	contents := fixtures.WithIntegrations(account.Contents)
	c := emulator.Config{
		Listen: "127.0.0.1:0", Fixtures: &contents, Library: &account.Library, CatalogGiven: given,
		Clock: r.clock, IDs: r.ids, Version: r.options.Version, Environment: r.environment(),
		Seed: uint64(s.Seed),
	}
	if r.srv, err = emulator.New(c); err != nil {
		return err
	}
	return r.srv.Listen()
}

// environment is what the secrets of templates may be taken from: what the scenario may read.
func (r *run) environment() map[string]string {
	out := map[string]string{}
	for _, pair := range r.options.Environ {
		name, value, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, EnvPrefix) || slices.Contains(r.options.AllowEnv, name) {
			out[name] = value
		}
	}
	return out
}

// account is what the emulator holds at the start; given says that the scenario names it.
func (s *Scenario) account() (loaded fixtures.Loaded, given bool, err error) {
	switch {
	case s.Account != nil:
		loaded, err = fixtures.ReadNode(s.file, s.Account)
		return loaded, true, err
	case len(s.Fixtures) > 0:
		if s.Embedded {
			return loaded, false, s.file.Errorf(s.doc.Get("fixtures"), "use account:", "an embedded scenario has no files beside it")
		}
		loaded, err = fixtures.LoadWithin(s.dir(), s.Fixtures)
		return loaded, true, err
	}
	return fixtures.Loaded{Contents: fixtures.Default(), Library: fixtures.DefaultLibrary()}, false, nil
}

// integration is the uuid of the integration with this uuid or name; the first where it is empty.
func (r *run) integration(name string) (string, error) {
	all := r.srv.Integrations()
	var names []string
	for _, i := range all {
		if name == "" && i.RetiredAt == nil || strings.EqualFold(i.UUID, name) || i.Name == name && name != "" {
			return i.UUID, nil
		}
		names = append(names, i.Name)
	}
	if catalog.ValidUUID(name) && len(name) == len("11111111-1111-4111-8111-111111111111") {
		return name, nil // one that is not there, which answers 404
	}
	hint := yamlfile.DidYouMean(name, names)
	if hint == "" {
		hint = "the account has " + strings.Join(names, ", ")
	}
	return "", r.wrong("integration", hint, "there is no integration %q", name)
}

// wrong is an error of the file at a key of the step.
func (r *run) wrong(key, hint, format string, args ...any) error {
	at := r.node.Get(key)
	if at == nil {
		at = &yamlfile.Node{Pos: r.step.Pos}
	}
	return r.scenario.file.Errorf(at, hint, format, args...)
}

// MaxBody is how long a file may be that a step sends, in bytes: more than OpsLevel takes, so that its refusal can be
// tested.
const MaxBody = 8 << 20

// read reads a file that the scenario names. It lies in the scenario's folder or below it: a scenario of somebody else
// must not send what else this machine has.
func (r *run) read(key, name string) ([]byte, error) {
	if r.scenario.Embedded {
		return nil, r.wrong(key, "write it as body: or payload:", "an embedded scenario has no files beside it")
	}
	b, err := readBeside(r.scenario.dir(), name)
	if err != nil {
		hint := ""
		if errors.Is(err, errOutside) {
			hint = "put a copy beside the scenario"
		}
		return nil, r.wrong(key, hint, "%s: %v", name, err)
	}
	return b, nil
}

var errOutside = errors.New("a scenario reads only files in its own folder and below")

func readBeside(dir, name string) ([]byte, error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return nil, errOutside
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		if strings.Contains(err.Error(), "escapes") {
			return nil, errOutside
		}
		return nil, errors.Unwrap(err)
	}
	defer f.Close()
	at, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !at.Mode().IsRegular() {
		return nil, errors.New("it is no file")
	}
	b, err := io.ReadAll(io.LimitReader(f, MaxBody+1))
	if err == nil && len(b) > MaxBody {
		err = fmt.Errorf("it is larger than %d MiB", MaxBody>>20)
	}
	return b, err
}
