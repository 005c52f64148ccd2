package emulator_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// aDeploy is the payload of a deploy to an environment.
func aDeploy(service, environment, dedup string) string {
	return fmt.Sprintf(`{"service":%q,"environment":%q,"dedup_id":%q,"description":"Release 1.2.3",
		"deployed_at":"2026-01-31T16:20:00Z","deployer":{"name":"CI"}}`, service, environment, dedup)
}

// TestTheReadme is the test that the README shows: a pipeline reports a deploy, and OpsLevel has it.
func TestTheReadme(t *testing.T) {
	runPipeline := func(t *testing.T, variable string) {
		_, url, _ := strings.Cut(variable, "=")
		answer, err := http.Post(url, "application/json", strings.NewReader(aDeploy("shopping_cart", "Production", "run-1")))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	ol := emulator.Start(t, emulator.Config{}) // a free port, in memory, ends with the test
	runPipeline(t, "OPSLEVEL_INTEGRATION_URL="+ol.IntegrationURL())
	ol.Expect(t, "service:shopping_cart environment:Production", emulator.Times(1))
}

// An account that knows one service, at a time that stands still. The second deploy is answered 202 and is lost: its finding
// says so.
func ExampleNew() {
	server, err := emulator.New(emulator.Config{
		Fixtures: &catalog.Contents{
			Services:     []catalog.Service{{Name: "Shopping Cart", Slug: "shopping_cart"}},
			Integrations: []catalog.Integration{{UUID: "5b1d0a5e-3c1f-4b7e-9d57-1d2f9a6c0e11", Type: "deploy"}},
		},
		CatalogGiven: true,
		Clock:        clock.NewManual(time.Date(2026, 1, 31, 16, 20, 0, 0, time.UTC)),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	if err := server.Listen(); err != nil {
		fmt.Println(err)
		return
	}
	for _, environment := range []string{"Staging", "Production"} {
		answer, err := http.Post(server.IntegrationURL(), "application/json", strings.NewReader(aDeploy("shopping_cart", environment, "run-1")))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(environment, answer.StatusCode)
		answer.Body.Close()
	}
	for _, event := range server.Deploys() {
		for _, finding := range event.Findings {
			fmt.Println(event.Seq, event.Result, finding.ID)
		}
	}
	// Output:
	// Staging 202
	// Production 202
	// 2 duplicate_deploy silent.duplicate
}

// Without a port: the handler answers as OpsLevel does.
func ExampleServer_Handler() {
	server, err := emulator.New(emulator.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	request := httptest.NewRequest(http.MethodPost, "/integrations/deploy/11111111-1111-4111-8111-111111111111", strings.NewReader(`{}`))
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	server.Handler().ServeHTTP(answer, request)
	body, _ := io.ReadAll(answer.Result().Body)
	fmt.Println(answer.Code, string(body))
	// Output:
	// 400 {"errors":[{"status":400,"title":"Service Error","detail":"param is missing or the value is empty: service"}]}
}

// What is known of OpsLevel, and how well.
func ExampleFidelity() {
	for _, b := range emulator.Fidelity() {
		if b.ID == "deploy.ok" {
			fmt.Println(b.Label, b.ID)
		}
	}
	// Output:
	// documented deploy.ok
}
