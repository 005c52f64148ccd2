package finding

import "github.com/bubblelevel/bubblelevel/emulator/deploy"

// Of is every finding about one request, the gravest matters first. It is pure, and returns nil without allocating
// when there is nothing to say.
//
// What decides the severities: a pipeline whose deploys arrive as they were meant never gets a [Silent] finding, and a
// deploy that is lost, or kept for another service or environment than was meant, always gets one.
func Of(c *Case) []Finding {
	f := request(c)
	if c.Upstream != nil && len(c.Upstream.Drift) > 0 {
		f = append(f, drift(c.Upstream))
	}
	return f
}

// request are the findings about the request and its answer.
func request(c *Case) []Finding {
	var f []Finding
	if c.Wire.route() != deployRoute {
		return elsewhere(c, f)
	}
	if c.Wire.Method != "POST" {
		return otherMethod(c, f)
	}
	if c.Standing != Live {
		return deadURL(c, f)
	}
	f, told := upstream(c, f)
	if len(c.Problems) > 0 && !told {
		f = rejected(c, f)
	}
	f = body(c, f)
	if c.Params == nil {
		return f
	}
	f = result(c, f)
	f = sender(c, f)
	f = values(c, f)
	f = dates(c, f)
	return names(c, f)
}

// result are the findings about what OpsLevel made of a deploy that it could read.
func result(c *Case, f []Finding) []Finding {
	switch c.Outcome.Result {
	case deploy.NoServiceFound:
		f = unknownAlias(c, f)
		f = aliasCase(c, f)
	case deploy.Duplicate:
		f = duplicate(c, f)
	}
	if accepted(c) && c.Outcome.Result != deploy.Duplicate {
		f = dedupConstant(c, f)
		f = deployedTwice(c, f)
		f = dedupForgotten(c, f)
		f = numberRegressed(c, f)
	}
	return f
}

// accepted says whether OpsLevel answered with a 202.
func accepted(c *Case) bool { return len(c.Problems) == 0 }
