// Command standins takes the place of programs that the senders of the corpus need and that a fresh machine does not
// have. Which one it is, is decided by the name it is called by:
//
//   - opslevel: `opslevel create deploy` of OpsLevel's CLI, as recordings of v2025.8.25 show it, with its silences: a YAML
//     file that cannot be read is passed over, and any 2xx is a success.
//   - network: what may stand between a sender and OpsLevel: a redirect, a busy answer, a lost answer.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	run := map[string]func([]string) int{"opslevel": opslevel, "network": network}[name]
	if run == nil {
		fmt.Fprintf(os.Stderr, "%s is none of: opslevel, network\n", name)
		os.Exit(2)
	}
	os.Exit(run(os.Args[1:]))
}
