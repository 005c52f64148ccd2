package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/fixtures"
	"github.com/bubblelevel/bubblelevel/scenarios"
)

func (a *app) schema() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "schema",
		Short:   "Print a schema: of a fixture, a scenario, a file of faults, or of the control API",
		Example: "  bubblelevel schema fixture >fixture.schema.json\n  bubblelevel schema scenario >scenario.schema.json\n  bubblelevel schema api",
		Args:    a.noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "fixture",
		Short: "The JSON Schema of a fixture, for editors",
		Long: `fixture prints the JSON Schema (draft 2020-12) of a fixture. With it beside your file, editors that speak to
yaml-language-server complete and check it after this first line:

  # yaml-language-server: $schema=fixture.schema.json`,
		Example: "  bubblelevel schema fixture >fixture.schema.json",
		Args:    a.noArgs,
		RunE:    running(func(*cobra.Command, []string) error { return a.printSchema(fixtures.Schema()) }),
	}, &cobra.Command{
		Use:     "scenario",
		Short:   "The JSON Schema of a scenario, for editors",
		Long:    "scenario prints the JSON Schema (draft 2020-12) of a scenario; `bubblelevel help scenario` explains the form.",
		Example: "  bubblelevel schema scenario >scenario.schema.json",
		Args:    a.noArgs,
		RunE:    running(func(*cobra.Command, []string) error { return a.printSchema(scenarios.Schema()) }),
	}, &cobra.Command{
		Use:     "faults",
		Short:   "The JSON Schema of a file of faults, for editors",
		Example: "  bubblelevel schema faults >faults.schema.json",
		Args:    a.noArgs,
		RunE:    running(func(*cobra.Command, []string) error { return a.printSchema(fault.Schema()) }),
	}, &cobra.Command{
		Use:     "api",
		Short:   "The OpenAPI document of the control API",
		Example: "  bubblelevel schema api >openapi.json",
		Args:    a.noArgs,
		RunE:    running(func(*cobra.Command, []string) error { return a.printSchema(openAPI()) }),
	})
	return cmd
}

func (a *app) printSchema(b []byte) error {
	var indented bytes.Buffer
	if err := json.Indent(&indented, bytes.TrimSpace(b), "", "  "); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.Out, "%s\n", indented.Bytes())
	return err
}

// openAPI is the document that an emulator serves: it depends on the routes alone.
func openAPI() []byte {
	r, err := http.NewRequest(http.MethodGet, "http://localhost"+httpapi.Prefix+"openapi.json", http.NoBody)
	if err != nil {
		return nil // the URL above is one
	}
	var w answer
	(&httpapi.Control{}).Handler().ServeHTTP(&w, r)
	return w.body.Bytes()
}

// answer keeps what a handler answers.
type answer struct {
	header http.Header
	body   bytes.Buffer
}

// Header, Write and WriteHeader make it an http.ResponseWriter.
func (w *answer) Header() http.Header {
	if w.header == nil {
		w.header = http.Header{}
	}
	return w.header
}

func (w *answer) Write(b []byte) (int, error) { return w.body.Write(b) }

// WriteHeader does nothing: the document is there always.
func (w *answer) WriteHeader(int) {}
