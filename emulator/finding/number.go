package finding

import (
	"strconv"
	"strings"
)

// numberRegressed compares a deploy_number with that of the deploy before it.
func numberRegressed(c *Case, f []Finding) []Finding {
	p := c.Previous
	if p == nil || p.Deploy == nil || !numbered(&c.Deploy) || !numbered(p.Deploy) || !less(c.Deploy.DeployNumber, p.Deploy.DeployNumber) {
		return f
	}
	x := Finding{
		ID: "number.regressed", Severity: Note, Field: "deploy_number",
		Evidence:    "deploy_number is " + quote(c.Deploy.DeployNumber) + " after " + quote(p.Deploy.DeployNumber) + ".",
		Explanation: "A number that goes back is right after a rollback; otherwise two pipelines count apart, or the counter was reset.",
		Cure:        "Nothing to do after a rollback; otherwise send a number that grows.",
	}
	if lostZero(p.Deploy.DeployNumber, c.Deploy.DeployNumber) {
		x.Severity = Warning
		x.Explanation = "An unquoted 1.10 in YAML or JSON is a number and arrives as 1.1, so OpsLevel keeps a wrong deploy_number."
		x.Cure = "Put quotes around deploy_number in the file that the sender reads."
	}
	return append(f, x)
}

// less compares two numbers with dots part by part; false when one of them is anything else.
func less(a, b string) bool {
	for a != "" && b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		m, errX := strconv.Atoi(x)
		n, errY := strconv.Atoi(y)
		if errX != nil || errY != nil {
			return false
		}
		if m != n {
			return m < n
		}
	}
	return b != ""
}

// lostZero says whether a number is the next after another, but for the zero at its end: "1.9", then "1.1".
func lostZero(previous, now string) bool {
	major, minor, ok := strings.Cut(previous, ".")
	n, err := strconv.Atoi(minor)
	if !ok || err != nil {
		return false
	}
	next := strconv.Itoa(n + 1)
	return strings.HasSuffix(next, "0") && now == major+"."+strings.TrimRight(next, "0")
}
