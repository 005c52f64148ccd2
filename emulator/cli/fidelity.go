package cli

import (
	"encoding/json"
	"fmt"

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
		Args: cobra.NoArgs,
		RunE: running(func(*cobra.Command, []string) error {
			all := emulator.Fidelity()
			if label != "" {
				var kept []emulator.Behaviour
				for _, b := range all {
					if string(b.Label) == label {
						kept = append(kept, b)
					}
				}
				all = kept
			}
			if a.output == "json" {
				enc := json.NewEncoder(a.Out)
				enc.SetEscapeHTML(false)
				enc.SetIndent("", "  ")
				return enc.Encode(all)
			}
			for _, b := range all {
				fmt.Fprintf(a.Out, "%-10s %-28s %s\n", b.Label, b.ID, b.Behaviour)
				fmt.Fprintf(a.Out, "%40s%s\n", "", b.Evidence)
				if b.Falsify != "" {
					fmt.Fprintf(a.Out, "%40swould be shown wrong by: %s\n", "", b.Falsify)
				}
			}
			return nil
		}),
	}
	cmd.Flags().StringVar(&label, "label", "", "only documented, observed or assumed")
	return cmd
}
