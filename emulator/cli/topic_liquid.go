package cli

import (
	"fmt"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/liquid"
)

// liquidText is the part of the page about Liquid that the room itself knows: its filters and its limits.
func liquidText() string {
	var b strings.Builder
	b.WriteString("## Filters\n\n")
	for line := range strings.SplitSeq(wrapTo(pageWidth-4, strings.Join(liquid.Filters(), " ")), "\n") {
		b.WriteString("    " + line + "\n")
	}
	b.WriteString("\n## Limits\n\n")
	for _, l := range []struct {
		most  int
		means string
	}{
		{liquid.DefaultSourceBytes, "bytes of a template"},
		{liquid.DefaultNesting, "open blocks (Ruby's own limit)"},
		{liquid.DefaultIterations, "turns of all loops"},
		{liquid.DefaultOperations, "steps altogether"},
		{liquid.DefaultOutputBytes, "bytes of output"},
		{liquid.DefaultStringBytes, "bytes of one text that a filter makes"},
		{liquid.DefaultArrayItems, "elements of one list that a filter makes"},
		{liquid.DefaultBigIntBits, "bits of one integer"},
		{liquid.DefaultWorkBytes, "bytes that all filters read and write"},
	} {
		fmt.Fprintf(&b, "    %9d  %s\n", l.most, l.means)
	}
	return b.String()
}
