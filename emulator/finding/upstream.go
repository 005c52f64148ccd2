package finding

import (
	"strconv"
	"strings"
)

// Upstream is what became of a deploy that was relayed to a real integration. Where an answer came back, the Problems,
// the Outcome and CatalogGiven of the [Case] are that answer's.
type Upstream struct {
	// Host is the host that was asked; nothing else of the URL may be told.
	Host string
	// Failure is why no answer came back, a clause; empty where one did. Sent says that the request may have arrived.
	Failure string
	Sent    bool
	// Strange says that the answer is none of OpsLevel's; HTTP is its status.
	Strange bool
	HTTP    int
	// Drift names the fields of the answer that are not as the emulator would have written them.
	Drift []string
}

// upstream is the finding about a deploy without a real answer. told says that there is one, and nothing else to say of the
// answer.
func upstream(c *Case, f []Finding) (found []Finding, told bool) {
	u := c.Upstream
	switch {
	case u == nil:
		return f, false
	case u.Failure != "":
		return append(f, noAnswer(u)), true
	case u.Strange:
		return append(f, strange(u)), true
	}
	return f, false
}

func noAnswer(u *Upstream) Finding {
	x := Finding{
		ID: "upstream.no_answer", Severity: Silent,
		Evidence:    "The deploy was not sent on to " + plain(u.Host) + ": " + plain(u.Failure) + ".",
		Explanation: "The real OpsLevel does not have the deploy; the sender was answered with a 5xx, so that it can try again.",
		Cure:        "Look whether " + plain(u.Host) + " can be reached from here (--proxy names a proxy), and let the sender try again on 5xx.",
	}
	if u.Sent {
		x.Evidence = "The deploy was sent on to " + plain(u.Host) + ", and no answer came back: " + plain(u.Failure) + "."
		x.Explanation = "Whether the real OpsLevel has the deploy cannot be told; it is never sent twice by the emulator."
		x.Cure = "Let the sender try again on 5xx, with the same dedup_id; --upstream-timeout waits longer."
	}
	return x
}

func strange(u *Upstream) Finding {
	x := Finding{
		ID: "upstream.strange_answer", Severity: Silent,
		Evidence:    plain(u.Host) + " answered " + strconv.Itoa(u.HTTP) + " without one of OpsLevel's results.",
		Explanation: "OpsLevel answers a deploy with 202 and a result, or with an error; whether this answer means that it has the deploy cannot be told.",
		Cure:        "Look at the body with `events show`, and whether --upstream is the URL of an OpsLevel integration.",
	}
	if u.HTTP/100 == 3 {
		x.Evidence = plain(u.Host) + " answered " + strconv.Itoa(u.HTTP) + ", a redirect."
		x.Explanation = "A redirect keeps nothing, and it was not followed: most clients lose the body of a POST on it."
		x.Cure = "Put the address that the redirect leads to (https://, not http://) into --upstream."
	}
	return x
}

func drift(u *Upstream) Finding {
	return Finding{
		ID: "upstream.drift", Severity: Note,
		Evidence:    "The real answer is not the one that bubblelevel would have given: " + strings.Join(u.Drift, ", ") + " differ.",
		Explanation: "The account upstream knows other services or dedup ids than this one, or OpsLevel is not as bubblelevel takes it to be.",
		Cure:        "Compare the two with `events show`; if the accounts hold the same, report the line of `bubblelevel fidelity` that is wrong.",
	}
}
