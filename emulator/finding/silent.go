package finding

import (
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// unknownAlias is the finding about a deploy that OpsLevel records for no service.
func unknownAlias(c *Case, f []Finding) []Finding {
	alias := quote(c.Deploy.Service)
	if !c.CatalogGiven {
		return append(f, Finding{
			ID: "alias.not_checked", Severity: Note, Field: "service",
			Evidence:    "The alias " + alias + " was not checked: no list of services was given.",
			Explanation: "Whether OpsLevel has a service with this alias cannot be known here; if it has none, it records the deploy for no service and answers 202.",
			Cure:        "Give the services with --fixtures FILE, or keep an opslevel.yml in the repository.",
		})
	}
	x := Finding{
		ID: "silent.unknown_alias", Severity: Silent, Field: "service",
		Evidence:    "No service has the alias " + alias + ".",
		Explanation: "OpsLevel records the deploy for no service, suggests a new one and answers 202 no_service_found, and " + believes(c),
		Cure:        "Send an alias that stands on the service's page, or add " + alias + " to the service's aliases.",
	}
	if len(c.Near) > 0 {
		near := quote(c.Near[0])
		x.Evidence = "No service has the alias " + alias + "; the nearest is " + near + "."
		x.Cure = "Send " + near + ", or add " + alias + " to the aliases of that service."
	}
	return append(f, x)
}

// aliasCase names the known alias from which the one sent differs only in its form.
func aliasCase(c *Case, f []Finding) []Finding {
	near := sameNear(c)
	if near == "" {
		return f
	}
	return append(f, Finding{
		ID: "alias.case", Severity: Warning, Field: "service",
		Evidence:    "The alias " + quote(c.Deploy.Service) + " and the known alias " + quote(near) + " differ only in " + form(c.Deploy.Service, near) + ".",
		Explanation: "OpsLevel's page promises no match but an exact one, so it does not take one for the other.",
		Cure:        "Send " + quote(near) + " exactly as it is written.",
	})
}

// sameNear is the known alias that is the one sent but for its form; empty for none.
func sameNear(c *Case) string {
	if c.CatalogGiven && c.Outcome.Result == deploy.NoServiceFound {
		for _, near := range c.Near {
			if looksSame(near, c.Deploy.Service) {
				return near
			}
		}
	}
	return ""
}

// form says in what two names differ that look the same.
func form(a, b string) string {
	switch ta, tb := strings.TrimSpace(a), strings.TrimSpace(b); {
	case ta == tb:
		return "white space at the ends"
	case strings.EqualFold(ta, tb):
		return "capital letters"
	default:
		return "dashes, underscores or blanks"
	}
}

// rejected is the finding about a request that OpsLevel refuses. A refusal that asks for another try is only a note:
// whether the sender comes back is seen later, see [NotRetried].
func rejected(c *Case, f []Finding) []Finding {
	p := c.Problems[0]
	answer := "OpsLevel answered " + strconv.Itoa(p.Status)
	if p.Title != "" {
		answer += " (" + plain(p.Title) + ")"
	}
	if p.Status >= 500 || p.Status == 429 || p.Status == 408 || p.Status == 425 {
		return append(f, Finding{
			ID: "wire.try_again", Severity: Note, Evidence: answer + ".",
			Explanation: "Nothing of this request is kept: the deploy is lost unless the sender tries again.",
			Cure:        "Let the sender try again on 429 and 5xx, with the same dedup_id, so that no deploy is recorded twice.",
		})
	}
	if p.Detail != "" {
		answer += ": " + plain(p.Detail)
	}
	if more := otherFields(c.Problems); more != "" {
		answer += "; it would go on to refuse " + more
	}
	return append(f, Finding{
		ID: "silent.rejected", Severity: Silent, Field: p.Field, Evidence: answer + ".",
		Explanation: "OpsLevel keeps nothing of this deploy, and " + ignores(c), Cure: cureRejected(c, p),
	})
}

// otherFields lists the fields that are wrong besides the one OpsLevel answers about.
func otherFields(ps deploy.Problems) string {
	var b strings.Builder
	for _, p := range ps[1:] {
		if p.Field == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.Field)
	}
	return b.String()
}

func cureRejected(c *Case, p deploy.Problem) string {
	switch {
	case p.Status == 413:
		return "Send less: shorten the commit message or the description."
	case p.Status == 404:
		return "Copy the integration URL again from OpsLevel."
	case unreadBody(c):
		return "Put the body right first: the finding about the body says how."
	}
	switch p.Field {
	case "service":
		return "Send service: an alias from the service's page in OpsLevel."
	case "description":
		return "Send a description, for example the first line of the commit message."
	case "deployed_at":
		if c.Deploy.DeployedAtSent != "" {
			return "Send deployed_at as RFC 3339 with a zone, for example 2026-01-31T16:20:00Z (date -u +%Y-%m-%dT%H:%M:%SZ)."
		}
		return "Send deployed_at, for example the output of date -u +%Y-%m-%dT%H:%M:%SZ."
	case "deployer", "deployer.name", "deployer.email":
		return "Send deployer as an object with an email or a name."
	}
	return "Change the sender until OpsLevel answers 202, and let it fail on any other answer."
}

// NothingSent is the finding of a command that ended without a deploy: others counts the requests that did arrive.
func NothingSent(others int) Finding {
	x := Finding{
		ID: "silent.nothing_sent", Severity: Silent,
		Evidence:    "The command ended, and no request reached the integration URL.",
		Explanation: "A sender that is skipped, runs dry or uses another URL leaves the pipeline green and OpsLevel without the deploy.",
		Cure:        "Make the sender use OPSLEVEL_INTEGRATION_URL (or BUBBLELEVEL_URL), and look for a dry run, a false condition or a proxy.",
	}
	if others > 0 {
		x.Evidence = "The command ended, and of " + plural(others, "request") + " none was recorded as a deploy."
		x.Cure = "Look at the findings of what did arrive, and make the sender use OPSLEVEL_INTEGRATION_URL (or BUBBLELEVEL_URL)."
	}
	return x
}

// NotRetried is the finding of a deploy that was answered with a passing failure (429, 5xx), with what a fault injected,
// or not at all (http 0), and never came again. Only the end of a run can tell, so it is raised there.
func NotRetried(http int, alias string) Finding {
	answer := "OpsLevel answered " + strconv.Itoa(http)
	if http == 0 {
		answer = "OpsLevel gave no answer"
	}
	return Finding{
		ID: "silent.not_retried", Severity: Silent,
		Evidence:    answer + " to a deploy of " + quoteOr(alias, "service") + ", and the sender did not try again.",
		Explanation: "OpsLevel keeps nothing of a request that it answers so, and the sender went on without the deploy.",
		Cure:        notRetriedCure(http),
	}
}

func notRetriedCure(http int) string {
	switch {
	case http == 0:
		return "Let the sender try again when the connection breaks (curl --retry 3 --retry-all-errors), with the same dedup_id."
	case http < 400:
		return "Post to the address that the redirect leads to: many clients follow it with a GET, which loses the body."
	case http < 500 && http != 429 && http != 408 && http != 425:
		return "Let the sender fail on anything but a 202, so that somebody sees it."
	}
	return "Let the sender try again on 429 and 5xx (curl --retry 3), with the same dedup_id."
}
