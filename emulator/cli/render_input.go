package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/liquid"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// How much is read of a file. A template of one byte more is refused by Liquid itself, with its own words.
const (
	maxTemplateFile = liquid.DefaultSourceBytes + 1
	maxContextFile  = 16 << 20
)

// renderSeen is what a template sees, and what to call it.
type renderSeen struct {
	context, response string
	text              []byte
}

// readsResponse finds a template that is written for an answer.
var readsResponse = regexp.MustCompile(`\{[{%][^}]*\bresponse\s*[.\[]`)

// renderContext is the context that the flags name, with the answer where one is named or read.
func (a *app) renderContext(b *workbench, template string) (renderSeen, error) {
	c, err := a.contextOf(b.context)
	if err != nil {
		return renderSeen{}, err
	}
	seen := renderSeen{context: b.context, response: b.response}
	if seen.response == "" && readsResponse.MatchString(template) && !hasKey(c, "response") {
		seen.response = action.NamedResponses()[0]
	}
	if seen.response != "" {
		r, result, err := a.responseOf(seen.response)
		if err != nil {
			return renderSeen{}, err
		}
		c = c.WithResponse(r, result)
	}
	seen.text = c.JSON()
	return seen, nil
}

func hasKey(c action.Context, key string) bool {
	var keys map[string]json.RawMessage
	_ = json.Unmarshal(c.JSON(), &keys) // a context is an object
	return keys[key] != nil
}

// contextOf is a named context or that of a file. A name wins: ./documented is the file.
func (a *app) contextOf(name string) (action.Context, error) {
	if contains(action.NamedContexts(), name) {
		return action.NamedContext(name)
	}
	text, err := a.readBounded(name, maxContextFile)
	if err != nil {
		return action.Context{}, orNamed(err, name, action.NamedContexts())
	}
	c, err := action.ParseContext(text)
	if err != nil {
		// The error begins with "context", and that is what the file is called here.
		return c, fileError(fmt.Errorf("%s%s", name, strings.TrimPrefix(err.Error(), "context")))
	}
	return c, nil
}

// responseOf is a named answer or that of a file, with the result it leads to.
func (a *app) responseOf(name string) (action.Coerced, action.Result, error) {
	if contains(action.NamedResponses(), name) {
		return action.NamedResponse(name)
	}
	var r action.Coerced
	text, err := a.readBounded(name, maxContextFile)
	if err != nil {
		return r, "", orNamed(err, name, action.NamedResponses())
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return r, "", &failure{code: exitUsage, err: fmt.Errorf("%s: %w", name, err), hint: `an answer is {"status": 201, "headers": {...}, "body": ...}`}
	}
	if r.Status != nil && *r.Status/100 == 2 {
		return r, action.Success, nil
	}
	return r, action.Failure, nil
}

// orNamed adds to the error of a file that it could have been a name.
func orNamed(err error, name string, names []string) error {
	hint := yamlfile.DidYouMean(name, names)
	if hint == "" {
		hint = "name a JSON file that exists, or " + orList(names)
	}
	return &failure{code: exitUsage, err: err, hint: hint}
}

// readBounded reads a file, or stdin for "-", up to so many bytes.
func (a *app) readBounded(name string, most int64) ([]byte, error) {
	if name == "-" {
		return a.readStdin(io.LimitReader(a.In, most))
	}
	b, err := readFileUpTo(a.inDir(name), most-1)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &failure{code: exitUsage, err: err, hint: "name a file that exists, or - for stdin"}
	case err != nil:
		return nil, &failure{code: exitUsage, err: err, hint: "name a file that can be read, or - for stdin"}
	}
	return b, nil
}

// readFileUpTo reads a file up to the first byte beyond most, whatever size it says: one of a working copy may be of
// anybody, and of any size, or a link to a device that never ends.
func readFileUpTo(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}

// inDir is a path as seen from the working directory.
func (a *app) inDir(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(a.Dir, name)
}
