package emulator_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/bubblelevel/bubblelevel"

// arrows say which rooms a room may import. They point down only. A room that is not here may not exist.
var arrows = map[string][]string{
	"": {"emulator/cli"},

	"emulator/deploy":   {},
	"emulator/clock":    {},
	"emulator/spell":    {},
	"emulator/catalog":  {"emulator/spell"},
	"emulator/query":    {"emulator/spell"},
	"emulator/liquid":   {"emulator/spell"},
	"emulator/yamlfile": {"emulator/spell"},

	"emulator/action":  {"emulator/catalog", "emulator/clock", "emulator/spell"},
	"emulator/finding": {"emulator/deploy", "emulator/catalog", "emulator/spell"},
	"emulator/event":   {"emulator/deploy", "emulator/catalog", "emulator/action", "emulator/finding", "emulator/query"},
	"emulator/fault":   {"emulator/query", "emulator/clock"},
	"emulator/relay":   {"emulator/deploy", "emulator/event", "emulator/clock"},
	"emulator/probe":   {"emulator/event", "emulator/deploy", "emulator/query", "emulator/finding", "emulator/clock"},
	"emulator/expect":  {"emulator/event", "emulator/query", "emulator/clock", "emulator/finding", "emulator/deploy"},
	"emulator/journal": {"emulator/event", "emulator/clock"},
	"emulator/ledger":  {"emulator/event", "emulator/deploy", "emulator/catalog"},
	"emulator/httpapi": {"emulator/event", "emulator/expect", "emulator/query", "emulator/deploy", "emulator/catalog", "emulator/action", "emulator/clock", "emulator/fault"},
	"emulator/client":  {"emulator/event", "emulator/expect", "emulator/query", "emulator/httpapi", "emulator/catalog", "emulator/action", "emulator/fault"},

	"fixtures":     {"emulator/catalog", "emulator/action", "emulator/yamlfile"},
	"emulator":     {"emulator/*", "fixtures", "!emulator/cli", "!emulator/client"},
	"tui":          {"emulator/event", "emulator/query", "emulator/finding", "emulator/deploy", "emulator/catalog", "emulator/action", "emulator/spell", "tui/*"},
	"tui/*":        {},
	"scenarios":    {"emulator", "emulator/*", "fixtures", "!emulator/cli"},
	"emulator/cli": {"emulator", "emulator/*", "fixtures", "tui", "tui/*", "scenarios"},
}

// owners say which room alone may import a module that we did not write.
var owners = map[string]string{
	"github.com/gorilla/mux":    "emulator/httpapi",
	"github.com/osteele/liquid": "emulator/liquid",
	"github.com/tidwall/buntdb": "emulator/journal",
	"github.com/gofrs/flock":    "emulator/journal",
	"github.com/goccy/go-yaml":  "emulator/yamlfile",
	"github.com/spf13/cobra":    "emulator/cli",
	"github.com/spf13/pflag":    "emulator/cli",
	"github.com/charmbracelet/": "tui",
	"github.com/sahilm/fuzzy":   "tui",
}

type listed struct {
	ImportPath   string
	Dir          string
	GoFiles      []string
	Imports      []string
	TestGoFiles  []string
	XTestGoFiles []string
	// IgnoredGoFiles are those for another system.
	IgnoredGoFiles []string
}

func rooms(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports,TestGoFiles,XTestGoFiles,IgnoredGoFiles", module+"/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var l listed
		if err := d.Decode(&l); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
}

func roomOf(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
}

// rule finds the row of the table for a room.
func rule(room string) ([]string, bool) {
	if allowed, ok := arrows[room]; ok {
		return allowed, true
	}
	for pattern, allowed := range arrows {
		if prefix, open := strings.CutSuffix(pattern, "/*"); open && strings.HasPrefix(room, prefix+"/") {
			return allowed, true
		}
	}
	return nil, false
}

func permitted(allowed []string, room string) bool {
	if slices.Contains(allowed, "!"+room) {
		return false
	}
	return slices.ContainsFunc(allowed, func(a string) bool {
		prefix, open := strings.CutSuffix(a, "/*")
		return a == room || open && strings.HasPrefix(room, prefix+"/")
	})
}

func TestArrowsPointDown(t *testing.T) {
	for _, l := range rooms(t) {
		room := roomOf(l.ImportPath)
		allowed, ok := rule(room)
		if !ok {
			t.Errorf("the room %s is not in the plan", room)
			continue
		}
		for _, path := range l.Imports {
			if path != module && !strings.HasPrefix(path, module+"/") {
				continue
			}
			if to := roomOf(path); !permitted(allowed, to) {
				t.Errorf("%s may not import %s", room, to)
			}
		}
	}
}

func TestOneRoomForEachDependency(t *testing.T) {
	for _, l := range rooms(t) {
		room := roomOf(l.ImportPath)
		for _, path := range l.Imports {
			if !strings.Contains(strings.Split(path, "/")[0], ".") || strings.HasPrefix(path, module) {
				continue
			}
			owner := ""
			for prefix, o := range owners {
				if strings.HasPrefix(path, prefix) {
					owner = o
				}
			}
			if room != owner && !(owner == "tui" && strings.HasPrefix(room, "tui/")) {
				t.Errorf("%s imports %s, which belongs to %q", room, path, owner)
			}
		}
	}
}

// forbidden are uses that only one room may make.
var forbidden = []struct {
	selector string
	rooms    []string
}{
	{"time.Now", []string{"emulator/clock"}},
	{"time.Since", []string{"emulator/clock"}},
	{"time.Until", []string{"emulator/clock"}},
	{"time.Sleep", nil},
	{"time.After", nil},
	{"time.Tick", nil},
	{"time.NewTicker", nil},
	{"time.AfterFunc", []string{"emulator/clock"}},
	{"time.NewTimer", []string{"emulator/clock", "tui"}}, // a screen's frames, which no clock of an account moves
	{"context.WithValue", nil},
	{"http.DefaultClient", nil},
	{"http.Get", nil},
	{"http.Post", nil},
	{"os.Exit", []string{""}},
	{"httptest.NewServer", nil},
}

func TestFilesKeepTheRules(t *testing.T) {
	for _, l := range rooms(t) {
		room := roomOf(l.ImportPath)
		for _, name := range l.GoFiles {
			checkFile(t, room, filepath.Join(l.Dir, name), false)
		}
		for _, name := range slices.Concat(l.TestGoFiles, l.XTestGoFiles) {
			checkFile(t, room, filepath.Join(l.Dir, name), true)
		}
		for _, name := range l.IgnoredGoFiles {
			checkFile(t, room, filepath.Join(l.Dir, name), strings.HasSuffix(name, "_test.go"))
		}
	}
}

func checkFile(t *testing.T, room, path string, test bool) {
	t.Helper()
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, path, nil, parser.ParseComments)
	if err != nil {
		t.Error(err)
		return
	}
	at := func(n ast.Node) string { return strings.TrimPrefix(files.Position(n.Pos()).String(), root(t)+"/") }
	if lines := files.Position(f.FileEnd).Line; lines > 500 && !test {
		t.Errorf("%s has %d lines, more than 500", at(f), lines)
	}
	for _, i := range f.Imports {
		if path := strings.Trim(i.Path.Value, `"`); strings.HasSuffix(path, "/rand") || strings.HasSuffix(path, "/rand/v2") {
			if room != "emulator/clock" && !test {
				t.Errorf("%s: what is drawn at random comes from emulator/clock", at(i))
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Name.Name == "init" && n.Recv == nil && !strings.HasPrefix(room, "tui/") && !test {
				t.Errorf("%s: init() is only for the room that keeps the terminal quiet", at(n))
			}
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if !ok || x.Obj != nil {
				return true
			}
			for _, rule := range forbidden {
				if x.Name+"."+n.Sel.Name == rule.selector && !slices.Contains(rule.rooms, room) && !(test && rule.selector != "time.Sleep") {
					t.Errorf("%s: %s does not belong here", at(n), rule.selector)
				}
			}
		}
		return true
	})
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestTopLevelIsAsPlanned(t *testing.T) {
	planned := []string{
		"emulator", "tui", "fixtures", "scenarios", "main.go", "go.mod", "go.sum", "README.md",
		".ci", ".gitignore", ".gitattributes", "LICENSE",
	}
	out, err := exec.Command("git", "-C", root(t), "ls-files").Output()
	if err != nil {
		t.Skip("not a git checkout")
	}
	for name := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		if top, _, _ := strings.Cut(name, "/"); !slices.Contains(planned, top) {
			t.Errorf("%s is not part of the plan for the top level", name)
		}
	}
	for _, dir := range []string{"emulator", "tui", "fixtures", "scenarios"} {
		if _, err := os.Stat(filepath.Join(root(t), dir, "README.md")); err != nil {
			t.Errorf("%s has no README.md", dir)
		}
	}
}

// TestReadmesNameEveryFile: whoever opens a top-level folder finds every file of it in the reading order of its README.
func TestReadmesNameEveryFile(t *testing.T) {
	for _, dir := range []string{"emulator", "tui", "fixtures", "scenarios"} {
		readme, err := os.ReadFile(filepath.Join(root(t), dir, "README.md"))
		if err != nil {
			t.Error(err)
			continue
		}
		var named []string // with stars, as they stand
		for i, text := range strings.Split(string(readme), "`") {
			if i%2 == 1 {
				named = append(named, text)
			}
		}
		files, err := filepath.Glob(filepath.Join(root(t), dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			name := filepath.Base(file)
			known := slices.ContainsFunc(named, func(pattern string) bool {
				ok, err := filepath.Match(pattern, name)
				return ok && err == nil && pattern != "*.go"
			})
			if !known && !strings.HasSuffix(name, "_test.go") {
				t.Errorf("%s/README.md does not name %s", dir, name)
			}
		}
	}
}

// TestMainIsSmall: main.go is signals and one call.
func TestMainIsSmall(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(root(t), "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), "\n"); n >= 40 {
		t.Errorf("main.go has %d lines, want fewer than 40", n)
	}
}

// TestSpeaksOfTheProjectAlone: nothing in the repository names a machine's paths.
func TestSpeaksOfTheProjectAlone(t *testing.T) {
	outside := filepath.Dir(root(t)) + "/"
	if strings.Count(outside, "/") < 2 || outside == "//" {
		t.Skip("the checkout lies at the root of the file system")
	}
	err := filepath.WalkDir(root(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == ".git" {
				return fs.SkipDir
			}
			return err
		}
		switch filepath.Ext(path) {
		case ".go", ".md", ".yaml", ".txtar", ".mod", "":
		default:
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.Contains(string(b), outside) {
			t.Errorf("%s names this machine's path", path)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
