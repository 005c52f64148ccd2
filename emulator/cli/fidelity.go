package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator"
)

func (a *app) fidelity() *cobra.Command {
	var label string
	cmd := &cobra.Command{
		Use:   "fidelity",
		Short: "List each behaviour of the wire, and how sure it is: documented, observed or assumed",
		Long: `fidelity lists what bubblelevel does on OpsLevel's side of the wire. documented quotes OpsLevel's page; observed was
read or recorded from a real sender or from Rails, on which OpsLevel runs; assumed is our choice, with its reason and
the request to a real account that would show it wrong.`,
		Example: "  bubblelevel fidelity --label assumed\n  bubblelevel fidelity --output json",
		Args:    a.noArgs,
		RunE: running(func(*cobra.Command, []string) error {
			if known := []string{"", "documented", "observed", "assumed"}; !contains(known, label) {
				return usage("--label is %s, not %q", orList(known[1:]), label)
			}
			all := slices.DeleteFunc(emulator.Fidelity(), func(b emulator.Behaviour) bool { return label != "" && string(b.Label) != label })
			if a.output == "json" {
				return a.printJSON(all)
			}
			var text strings.Builder
			for _, b := range all {
				fmt.Fprintf(&text, "%-10s %-28s %s\n%40s%s\n", b.Label, b.ID, b.Behaviour, "", b.Evidence)
				if b.Falsify != "" {
					fmt.Fprintf(&text, "%40swould be shown wrong by: %s\n", "", b.Falsify)
				}
			}
			_, err := io.WriteString(a.Out, text.String())
			return err
		}),
	}
	cmd.Flags().StringVar(&label, "label", "", "only documented, observed or assumed")
	complete(cmd, "label", "documented", "observed", "assumed")
	return cmd
}
