package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// goldenCheck is what the comparison with a golden file came to.
type goldenCheck struct {
	File  string `json:"file"`
	Equal bool   `json:"equal"`
	// Updated says that the file has been written.
	Updated bool   `json:"updated,omitempty"`
	Diff    string `json:"diff,omitempty"`
}

// checkGolden compares the output with the golden file, or writes the file.
func (a *app) checkGolden(b *workbench, s *sheet) error {
	s.Golden = &goldenCheck{File: b.golden}
	want, err := os.ReadFile(a.inDir(b.golden))
	switch {
	case err == nil:
		s.Golden.Equal = bytes.Equal(want, []byte(s.Output))
	case !errors.Is(err, fs.ErrNotExist):
		return err
	case !b.update:
		return &failure{code: exitRuntime, err: err, hint: "--golden " + b.golden + " --update makes the file"}
	}
	if b.update && !s.Golden.Equal {
		if err := writeAnew(a.inDir(b.golden), []byte(s.Output), forReaders); err != nil {
			return err
		}
		s.Golden.Equal, s.Golden.Updated = true, true
		fmt.Fprintf(a.Err, "%s was written\n", b.golden)
	}
	if !s.Golden.Equal {
		s.Golden.Diff = lineDiff(b.golden, "output", string(want), s.Output)
	}
	return nil
}

const (
	diffContext = 3   // lines that are equal around what differs
	maxDiff     = 200 // lines shown of either side
	maxDiffLine = 400 // characters shown of a line
)

// lineDiff shows what differs between two texts: the lines between what both begin and end with. Characters that a
// terminal would not show are written as escapes, or two lines might look equal.
func lineDiff(from, to, a, b string) string {
	before, after := strings.SplitAfter(a, "\n"), strings.SplitAfter(b, "\n")
	start := 0
	for start < min(len(before), len(after)) && before[start] == after[start] {
		start++
	}
	end := 0
	for end < min(len(before), len(after))-start && before[len(before)-1-end] == after[len(after)-1-end] {
		end++
	}
	var out strings.Builder
	fmt.Fprintf(&out, "--- %s\n+++ %s\n@@ line %d @@\n", from, to, start+1)
	diffLines(&out, " ", before[max(0, start-diffContext):start])
	diffLines(&out, "-", before[start:len(before)-end])
	diffLines(&out, "+", after[start:len(after)-end])
	diffLines(&out, " ", before[len(before)-end:min(len(before), len(before)-end+diffContext)])
	return out.String()
}

func diffLines(out *strings.Builder, mark string, lines []string) {
	for i, line := range lines {
		if line == "" {
			continue // behind the last line break
		}
		if i == maxDiff {
			fmt.Fprintf(out, "%s… %d more lines\n", mark, len(lines)-maxDiff)
			return
		}
		text, whole := strings.CutSuffix(line, "\n")
		fmt.Fprintf(out, "%s%s\n", mark, event.Clean(text, maxDiffLine))
		if !whole {
			out.WriteString("\\ no line break at the end\n")
		}
	}
}
