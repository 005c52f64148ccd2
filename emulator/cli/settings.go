package cli

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// settingsFile is where a working directory keeps its flags: keys are the names of flags.
const settingsFile = "bubblelevel.yaml"

// separated marks a flag of several values, none of which holds a comma, so that a variable can name them in one line.
const separated = "separated by commas"

// settle gives every flag that the command line leaves out its value from BUBBLELEVEL_<FLAG>, else from bubblelevel.yaml.
func (a *app) settle(cmd *cobra.Command) error {
	if err := a.fromEnvironment(cmd); err != nil {
		return err
	}
	return a.fromFile(cmd)
}

// typed marks a flag that counts only where somebody typed it: a permission must not come from a file that lies in a
// stranger's folder.
const typed = "typed"

// onlyTyped marks flags of a command as typed.
func onlyTyped(flags *pflag.FlagSet, names ...string) {
	for _, name := range names {
		_ = flags.SetAnnotation(name, typed, []string{"true"}) // the flags are there: the line above made them
	}
}

// settable says whether a flag may be set otherwise than on the command line. BUBBLELEVEL_VERSION, say, is more likely
// to be what a pipeline calls the release it installs.
func settable(f *pflag.Flag) bool {
	_, only := f.Annotations[typed]
	return f.Name != "help" && f.Name != "version" && !only
}

func (a *app) fromEnvironment(cmd *cobra.Command) (err error) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || err != nil || !settable(f) {
			return
		}
		name := variable(f.Name)
		value := a.Getenv(name)
		if value == "" {
			return
		}
		if setErr := setAll(cmd.Flags(), f, split(f, value)); setErr != nil {
			err = usage("the environment variable %s=%q does not fit --%s: %v", name, value, f.Name, setErr)
		}
	})
	return err
}

// variable is the environment variable of a flag.
func variable(flag string) string {
	return "BUBBLELEVEL_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// split takes apart what a variable holds for a flag of several values: one a line, or with commas between them.
func split(f *pflag.Flag, value string) []string {
	if _, several := f.Value.(pflag.SliceValue); !several {
		return []string{value}
	}
	parts := strings.Split(value, "\n")
	if _, ok := f.Annotations[separated]; ok {
		parts = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == '\n' })
	}
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return slices.DeleteFunc(parts, func(p string) bool { return p == "" })
}

func setAll(flags *pflag.FlagSet, f *pflag.Flag, values []string) error {
	for _, v := range values {
		if err := flags.Set(f.Name, v); err != nil {
			return wrongValue(f, v, err)
		}
	}
	return nil
}

// fromFile reads bubblelevel.yaml, if there is one. A key that is a flag of another command only is passed over; one that
// is no flag at all is an error.
func (a *app) fromFile(cmd *cobra.Command) error {
	file, doc, err := a.settings()
	if err != nil || doc == nil {
		return err
	}
	known := flagNames(cmd.Root())
	for _, pair := range doc.Pairs {
		name := pair.Key.Text
		if !contains(known, name) {
			hint := yamlfile.DidYouMean(name, known)
			if hint == "" {
				hint = "its keys are the names of flags, such as listen, db and fixtures"
			}
			return fileError(file.Errorf(pair.Key, hint, "there is no setting %q", name))
		}
		values, wrong := settingValues(file, pair)
		if wrong != nil {
			return fileError(wrong)
		}
		f := cmd.Flags().Lookup(name)
		if f == nil || f.Changed || !settable(f) {
			continue
		}
		if _, several := f.Value.(pflag.SliceValue); !several && len(values) > 1 {
			return fileError(file.Errorf(pair.Value, "", "%s has one value, not a list", name))
		}
		if err := setAll(cmd.Flags(), f, values); err != nil {
			return fileError(file.Errorf(pair.Value, "", "this does not fit %s: %v", name, err))
		}
	}
	return nil
}

// settings reads bubblelevel.yaml of the working directory; doc is nil where there is none or nothing stands in it.
func (a *app) settings() (file *yamlfile.File, doc *yamlfile.Node, err error) {
	src, err := readFileUpTo(filepath.Join(a.Dir, settingsFile), yamlfile.MaxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, hinted("it must be a file that can be read", "%v", err)
	}
	file, err = yamlfile.Parse(settingsFile, src)
	if err != nil {
		return nil, nil, fileError(err)
	}
	if len(file.Docs) == 0 {
		return file, nil, nil
	}
	if doc = file.Docs[0]; doc.Kind != yamlfile.Map || len(file.Docs) > 1 {
		return nil, nil, fileError(file.Errorf(doc, "write one flag a line: listen: 127.0.0.1:6775", "the settings are one map of flags and values"))
	}
	return file, doc, nil
}

// settingValues are the values of one key: a scalar, or each of a list.
func settingValues(file *yamlfile.File, pair yamlfile.Pair) ([]string, *yamlfile.Error) {
	nodes := []*yamlfile.Node{pair.Value}
	if pair.Value.Kind == yamlfile.List {
		nodes = pair.Value.Items
	}
	var values []string
	for _, n := range nodes {
		if n.Kind == yamlfile.Map || n.Kind == yamlfile.List || n.Kind == yamlfile.Null {
			return nil, file.Errorf(n, "", "%s cannot be %s", pair.Key.Text, n.Kind)
		}
		values = append(values, n.Text)
	}
	return values, nil
}

// flagNames are all flags of a command and of those below it that a file or a variable may set.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	add := func(f *pflag.Flag) {
		if settable(f) && !contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	cmd.Flags().VisitAll(add)
	cmd.PersistentFlags().VisitAll(add)
	for _, c := range cmd.Commands() {
		for _, name := range flagNames(c) {
			if !contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// setting is the value of a flag of another command, from the environment or the file; empty where neither has it.
func (a *app) setting(name string) string {
	if v := a.Getenv(variable(name)); v != "" {
		return v
	}
	if _, doc, err := a.settings(); err == nil && doc != nil {
		if n := doc.Get(name); n != nil {
			return n.Text
		}
	}
	return ""
}

// fileError is the error of a file that a person wrote: its text begins with file:line:column.
func fileError(err error) error {
	return &failure{code: exitUsage, err: err}
}
