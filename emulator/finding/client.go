package finding

import "strings"

// client is the sender of a request as far as its User-Agent and query tell it.
type client uint8

const (
	otherClient client = iota
	cliClient
	jenkinsClient
	curlClient
)

func (w *Wire) client() client {
	switch {
	case strings.HasPrefix(w.UserAgent, "opslevel-go/"):
		return cliClient
	case strings.HasPrefix(w.UserAgent, "okhttp/"), strings.Contains(w.query(), "agent=jenkins"):
		return jenkinsClient
	case strings.HasPrefix(w.UserAgent, "curl/"):
		return curlClient
	}
	return otherClient
}

// ignores ends a sentence about a refused request: how its sender hides the refusal.
func ignores(c *Case) string {
	switch c.Wire.client() {
	case cliClient:
		return "the OpsLevel CLI exits with 1, which a pipeline that ignores exit codes never shows."
	case jenkinsClient:
		return "the Jenkins plugin prints the answer and leaves the build green."
	case curlClient:
		return "curl exits with 0 all the same unless it is given --fail."
	}
	return "many senders never look at the answer."
}

// believes ends a sentence about a 202 that kept nothing, or something else: how its sender takes it for success.
func believes(c *Case) string {
	switch c.Wire.client() {
	case cliClient:
		return `the OpsLevel CLI prints "Successfully registered deploy event" for any 2xx.`
	case jenkinsClient:
		return "the Jenkins plugin stays green whatever the answer is."
	}
	return "to most senders every 202 is a success."
}
