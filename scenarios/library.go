package scenarios

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.yaml
var libraryFiles embed.FS

// Library are the scenarios in the binary, by the names of their files. They show what bubblelevel does, and hold it to
// that.
func Library() []*Scenario {
	var all []*Scenario
	for _, name := range LibraryNames() {
		s, err := Parse(name+".yaml", LibrarySource(name))
		if err != nil {
			// They are part of the binary and of the tests: nothing a user does leads here.
			panic("scenarios: the embedded " + err.Error())
		}
		s.Path, s.Embedded = name, true
		all = append(all, s)
	}
	return all
}

// LibraryNames are the names of the embedded scenarios, in their order.
func LibraryNames() (names []string) {
	files, err := fs.Glob(libraryFiles, "*.yaml")
	if err != nil { // the pattern is a good one
		panic(err)
	}
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f, ".yaml"))
	}
	return names
}

// LibrarySource is the file of an embedded scenario; nil where there is none of that name.
func LibrarySource(name string) []byte {
	b, err := libraryFiles.ReadFile(name + ".yaml")
	if err != nil {
		return nil
	}
	return b
}
