package scenarios

import (
	"errors"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// The steps that act on the emulator beside the wire.

func (x *Accept) check(c *checker, n *yamlfile.Node) { c.needed(n, "alias", x.Alias) }

func (x *Accept) do(r *run) error {
	s, err := r.srv.Accept(x.Alias, catalog.Service{Name: x.Name})
	if err != nil {
		return failed("the suggestion for %q could not be accepted: %v", x.Alias, err)
	}
	r.last = map[string]any{"service": tree(s)}
	return nil
}

func (x *Bind) check(c *checker, n *yamlfile.Node) {
	c.needed(n, "alias", x.Alias)
	c.needed(n, "service", x.Service)
}

func (x *Bind) do(r *run) error {
	if err := r.srv.Bind(x.Alias, x.Service); err != nil {
		return failed("the alias %q could not be bound to the service %q: %v", x.Alias, x.Service, err)
	}
	return nil
}

func (x *Retire) check(c *checker, n *yamlfile.Node) { c.needed(n, "the integration", x.Integration) }

func (x *Retire) do(r *run) error {
	uuid, err := r.integration(x.Integration)
	if err != nil {
		return err
	}
	if err := r.srv.Retire(uuid); err != nil {
		return failed("the integration %q could not be retired: %v", x.Integration, err)
	}
	return nil
}

func (x *Reset) check(*checker, *yamlfile.Node) {}

func (x *Reset) do(r *run) error { return r.srv.Reset() }

func (x *Fault) check(c *checker, n *yamlfile.Node) {
	if x.Off {
		return
	}
	err := x.Fault.Check()
	var wrong *fault.CheckError
	switch {
	case err == nil:
	case errors.As(err, &wrong):
		at := n.Get(wrong.Field)
		if at == nil {
			at = n
		}
		c.fail(at, wrong.Hint, "%s", wrong.Message)
	default:
		c.fail(n, "", "%v", err)
	}
}

func (x *Fault) do(r *run) error {
	if x.Off {
		return r.srv.ClearFaults()
	}
	_, err := r.srv.AddFault(x.Fault)
	if err != nil {
		return r.wrong("id", "", "%v", err)
	}
	return nil
}

// MaxAdvance is how far a step may move the clock.
const MaxAdvance = 100 * 366 * 24 * time.Hour

func (x *Advance) check(c *checker, n *yamlfile.Node) {
	if d := time.Duration(x.By); d <= 0 || d > MaxAdvance {
		c.fail(n, "such as advance: 1h", "the clock moves onwards, by at most 100 years")
	}
}

func (x *Advance) do(r *run) error {
	if err := r.srv.Advance(time.Duration(x.By)); err != nil {
		return r.wrong("", "", "%v", err)
	}
	return nil
}

func (x *Expect) expectation(c *checker, n *yamlfile.Node) expect.Expectation {
	at := n
	if q := n.Get("query"); q != nil {
		at = q
	}
	out := expect.Expectation{
		Query: c.query(at, x.Query), Times: x.Times, Min: x.Min, Max: x.Max, Never: x.Never,
		Within: expect.Duration(x.Within), Allow: x.Allow,
	}
	if x.Settle != 0 {
		out.Settle = (*expect.Duration)(&x.Settle)
	}
	c.expectation(n, out)
	return out
}

func (x *Expect) check(c *checker, n *yamlfile.Node) { x.expectation(c, n) }

func (x *Expect) do(r *run) error {
	v := r.srv.Verify(r.ctx, x.expectation(&checker{f: r.scenario.file}, r.node))
	r.last = map[string]any{"count": tree(v.Count), "events": tree(v.Events)}
	if len(v.Events) > 0 {
		if e, _ := r.srv.Event(v.Events[len(v.Events)-1]); e != nil {
			r.last["event"] = tree(e)
		}
	}
	switch {
	case v.Met():
		return nil
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case v.Outcome == expect.Incomplete:
		return &failure{outcome: Incomplete, why: v.Why, text: v.Text(), verdict: &v}
	}
	return &failure{outcome: Failed, why: v.Why, text: v.Text(), verdict: &v}
}

// needed is for a text that may not be empty.
func (c *checker) needed(n *yamlfile.Node, what, text string) {
	if text == "" {
		c.fail(n, "", "%s is missing", what)
	}
}
