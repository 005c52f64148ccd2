package emulator

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/ledger"
)

// unknownIntegration is the answer to a webhook URL that is not (or no longer) valid. The two are the same on the wire.
func unknownIntegration() deploy.Problem {
	return deploy.Problem{Status: http.StatusNotFound, Title: "Not Found", Detail: "the webhook URL is not valid: no integration has this id"}
}

func whyIntegration(s ledger.Standing) string {
	if s == ledger.Retired {
		return "The integration of this webhook URL has been retired, so OpsLevel no longer knows the URL and keeps nothing."
	}
	return "No integration has the id in this webhook URL, so OpsLevel answers 404 and keeps nothing."
}

func whyUnreadable(p deploy.Problem) string {
	if p.Status == http.StatusRequestEntityTooLarge {
		return "The body is larger than the 4 MiB that OpsLevel reads, so nothing of it was looked at."
	}
	return "The body could not be read, so OpsLevel has no fields to look at: " + p.Detail + "."
}

func whyMissing(problems deploy.Problems) string {
	why := fmt.Sprintf("OpsLevel needs %s and stops at the first field it misses.", problems[0].Field)
	if !strings.HasPrefix(problems[0].Detail, "param is missing") {
		why = fmt.Sprintf("OpsLevel cannot use %s as it was sent: %s.", problems[0].Field, problems[0].Detail)
	}
	if len(problems) == 1 {
		return why
	}
	var others []string
	for _, p := range problems[1:] {
		others = append(others, p.Field)
	}
	return why + " Also wrong: " + strings.Join(others, ", ") + "."
}

func whyOther(e *event.Event) string {
	path, _, _ := strings.Cut(e.Request.Path, "?")
	switch {
	case e.HTTP < 300:
		return "OpsLevel answers this path for everybody; `opslevel version` asks it."
	case strings.HasPrefix(path, "/integrations/deploy/") && e.Request.Method != http.MethodPost:
		return fmt.Sprintf("OpsLevel takes deploys by POST alone; a %s often is a POST that lost its body on a redirect.", e.Request.Method)
	case strings.HasPrefix(path, "/integrations/"), path == "/graphql", strings.HasPrefix(path, "/upload/"):
		return "OpsLevel has this path, but it is not emulated; only deploys are."
	}
	return "OpsLevel has no such path as far as is known, so it answers 404."
}
