package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
)

// What init looks at, at most.
const (
	maxLooked     = 50_000 // files and folders
	maxNamed      = 20     // opslevel.yml that are named one by one; more become a pattern
	maxCookies    = 10     // templates
	maxCookieFile = 1 << 20
)

// surroundings are what init found in a folder. All paths are relative to it, with slashes.
type surroundings struct {
	opslevel []string
	// cookies are cookiecutter.json that can be read, each with its fields.
	cookies   []cookie
	pipelines []pipeline
	notes     []string
	// linked says that a link has the name of an opslevel.yml, which a pattern would follow.
	linked bool
}

type cookie struct {
	path   string
	fields []action.Field
}

// pipeline is a CI system of which there is a file.
type pipeline struct {
	file, name string
	kind       catalog.IntegrationType
}

// pipelines are the files by which CI systems are known, in the order in which they are named.
func pipelineFiles() []pipeline {
	return []pipeline{
		{".github/workflows", "github-actions", "githubActions"},
		{".gitlab-ci.yml", "gitlab-ci", "gitlabCi"},
		{".circleci/config.yml", "circleci", "circleci"},
		{"Jenkinsfile", "jenkins", "jenkins"},
	}
}

// lookAround finds what a scaffold can be made of.
func lookAround(root *os.Root) (s surroundings, err error) {
	for _, p := range pipelineFiles() {
		if at, err := root.Lstat(p.file); err == nil && at.Mode()&fs.ModeSymlink == 0 {
			s.pipelines = append(s.pipelines, p)
		}
	}
	looked := 0
	err = fs.WalkDir(root.FS(), ".", func(at string, d fs.DirEntry, err error) error {
		if looked++; looked > maxLooked {
			s.notes = append(s.notes, fmt.Sprintf("only the first %d files and folders were looked at", maxLooked))
			return fs.SkipAll
		}
		switch {
		case err != nil && at == ".":
			return err
		case err != nil:
			return nil // what cannot be read has nothing for us
		case d.IsDir() && at != "." && elsewhere(d.Name()):
			return fs.SkipDir
		case d.Name() != "opslevel.yml" && d.Name() != "cookiecutter.json":
			return nil
		case !d.Type().IsRegular():
			s.linked = s.linked || d.Name() == "opslevel.yml"
			s.notes = append(s.notes, at+" is no plain file, and was left out")
		case d.Name() == "opslevel.yml":
			s.opslevel = append(s.opslevel, at)
		default:
			s.cookie(root, at)
		}
		return nil
	})
	return s, err
}

// elsewhere says that a folder holds copies of others' files, or hidden ones.
func elsewhere(name string) bool {
	return strings.HasPrefix(name, ".") || slices.Contains([]string{"node_modules", "vendor", "testdata"}, name) || strings.Contains(name, "{{")
}

// cookie reads a cookiecutter.json.
func (s *surroundings) cookie(root *os.Root, at string) {
	if len(s.cookies) == maxCookies {
		s.notes = append(s.notes, fmt.Sprintf("%s was left out: a scaffold has at most %d templates", at, maxCookies))
		return
	}
	b, err := readCookie(root, at)
	var fields []action.Field
	if err == nil {
		fields, err = action.ParseCookiecutter(b)
	}
	if err == nil && len(fields) == 0 {
		err = errors.New("it has no variable to name a service by")
	}
	if err != nil {
		s.notes = append(s.notes, fmt.Sprintf("%s was left out: %v", at, err))
		return
	}
	s.cookies = append(s.cookies, cookie{at, fields})
}

// readCookie reads a cookiecutter.json, and no more than one may have.
func readCookie(root *os.Root, at string) ([]byte, error) {
	f, err := root.Open(at)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxCookieFile+1))
	if err == nil && len(b) > maxCookieFile {
		err = fmt.Errorf("it is larger than %d KiB", maxCookieFile>>10)
	}
	return b, err
}

// templateName is the name of the template of a cookiecutter.json: that of its folder.
func (c cookie) templateName(dir string) string {
	folder := path.Base(path.Dir(c.path))
	if folder == "." {
		folder = dir
	}
	if slug := catalog.Slug(folder); slug != "" {
		return strings.ReplaceAll(slug, "_", "-")
	}
	return "service"
}

// inputs are values for the fields that a run must give.
func (c cookie) inputs() map[string]string {
	given := map[string]string{}
	for _, f := range c.fields {
		if f.Required || f.Default == "" && f.Kind == action.Text {
			given[f.Name] = "Example"
			if len(f.Choices) > 0 {
				given[f.Name] = f.Choices[0]
			}
		}
	}
	return given
}

// present are those of the files that are there, as whatever.
func present(root *os.Root, files []scaffoldFile) (there []string) {
	for _, f := range files {
		if _, err := root.Lstat(f.Path); err == nil {
			there = append(there, f.Path)
		}
	}
	return there
}

// write writes the files. What stands in the way of one is removed first, so that a link is replaced and not followed.
func write(root *os.Root, files []scaffoldFile) error {
	for _, f := range files { // before anything else: a folder that cannot be must leave nothing half done
		if err := root.MkdirAll(path.Dir(f.Path), 0o755); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := root.Remove(f.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		file, err := root.OpenFile(f.Path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		_, err = file.WriteString(f.Content)
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
	}
	return nil
}
