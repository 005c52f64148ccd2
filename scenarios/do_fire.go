package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator"
	act "github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// MaxAnswers is how many answers a fire step may prepare.
const MaxAnswers = 100

func (x *Fire) check(c *checker, n *yamlfile.Node) {
	c.needed(n, "template", x.Template)
	if _, err := act.ParseProfile(x.Profile); err != nil {
		c.fail(n.Get("context_profile"), "", "%v", err)
	}
	if x.Inputs != nil && x.Inputs.Kind != yamlfile.Map {
		c.fail(x.Inputs, "", "inputs are names and values, and this is %s", x.Inputs.Kind)
	}
	if x.Firing != nil && x.Refused != nil {
		c.fail(n.Get("refused"), "", "a run that is refused fires nothing")
	}
	if len(x.Answers) > MaxAnswers {
		c.fail(n.Get("answers"), "", "more than %d answers", MaxAnswers)
	}
	for i, a := range x.Answers {
		if a.Status != 0 && (a.Status < 100 || a.Status > 599) {
			c.fail(n.Find("answers", i, "status"), "100 to 599", "%d is no HTTP status", a.Status)
		}
	}
	if x.Refused != nil {
		compile(c, x.Refused, flat)
	}
	x.Firing.matchers(c)
}

// matchers are the checks of a firing, in the order in which it happens.
func (f *Firing) matchers(c *checker) (out []check) {
	if f == nil {
		return nil
	}
	add := func(at string, n *yamlfile.Node, d depth) {
		if n != nil {
			out = append(out, check{at, compile(c, n, d)})
		}
	}
	add("service", f.Service, flat)
	add("method", f.Method, flat)
	add("url", f.URL, flat)
	for _, name := range sortedKeys(f.Headers) {
		add("headers."+strings.ToLower(name), f.Headers[name], flat)
	}
	add("payload", f.Payload, deep)
	add("attempts", f.Attempts, flat)
	add("response", f.Response, deep)
	add("rendered_response", f.Rendered, flat)
	add("result", f.Result, flat)
	add("error", f.Error, flat)
	if f.Problems != nil {
		out = append(out, check{"problems", compileIDs(c, f.Problems, func(string) error { return nil })})
	}
	return out
}

func (x *Fire) do(r *run) error {
	if err := x.prepare(r); err != nil {
		return err
	}
	in := emulator.TemplateRun{Template: x.Template, User: x.User, Profile: act.Profile(x.Profile), DryRun: x.Dry}
	if x.Inputs != nil {
		if err := json.Unmarshal(jsonOf(x.Inputs), &in.Inputs); err != nil {
			return r.wrong("inputs", "", "%v", err)
		}
	}
	if w := x.Webhook; w != nil {
		in.Override = emulator.Override{URL: w.URL, Method: w.Method, Headers: w.Headers, Payload: w.Payload, ResponseTemplate: w.ResponseTemplate}
	}
	answer, err := r.srv.RunTemplate(r.ctx, in)
	r.last = map[string]any{"run": tree(answer), "service": tree(answer.Service)}
	var unknown *emulator.UnknownTemplateError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &unknown) && x.Refused == nil:
		hint := ""
		if unknown.Nearest != "" {
			hint = fmt.Sprintf("did you mean %q?", unknown.Nearest)
		}
		return r.wrong("template", hint, "%v", err)
	case err != nil:
		return x.refused(err)
	case x.Refused != nil:
		return failed("the run was not refused: it made the service %s", answer.Service.Slug)
	}
	return x.judge(r, answer.Firing)
}

// refused judges the error of a run that made nothing.
func (x *Fire) refused(err error) error {
	if x.Refused == nil {
		return failed("the run was refused: %s", event.Clean(err.Error(), maxShown))
	}
	misses := compile(&checker{}, x.Refused, flat).match(nil, "refused", err.Error(), true)
	if len(misses) == 0 {
		return nil
	}
	return &failure{outcome: Failed, misses: misses, why: "the run was refused otherwise than was expected", text: missText(misses)}
}

// prepare tells the receiver of the webhook how to answer.
func (x *Fire) prepare(r *run) error {
	if len(x.Answers) == 0 {
		return nil
	}
	t, _ := r.srv.Library().Template(x.Template)
	url := ""
	if t.Webhook != nil {
		url = t.Webhook.URL
	}
	if x.Webhook != nil && x.Webhook.URL != "" {
		url = x.Webhook.URL
	}
	name, ok := strings.CutPrefix(url, "receiver:")
	if !ok {
		return r.wrong("answers", "send the webhook to url: receiver:NAME", "only the emulator's own receiver can be told how to answer")
	}
	var setup act.ReceiverSetup
	for _, a := range x.Answers {
		setup.Answers = append(setup.Answers, act.ReceiverAnswer{Status: a.Status, Headers: a.Headers, Body: act.Bytes(a.Body), Drop: a.Drop})
	}
	if err := r.srv.Receiver().Tell(name, setup); err != nil {
		return r.wrong("answers", "", "%v", err)
	}
	return nil
}

// judge looks at a firing.
func (x *Fire) judge(r *run, f *act.Firing) error {
	checks := x.Firing.matchers(&checker{f: r.scenario.file})
	if f == nil {
		if len(checks) == 0 {
			return nil // the template has no webhook, and nobody expected one
		}
		return failed("nothing was fired: the template %s has no webhook", x.Template)
	}
	values := firingValues(f)
	r.last["firing"] = tree(f)
	if x.Firing == nil || x.Firing.Result == nil && x.Firing.Error == nil {
		checks = append(x.implied(f), checks...)
	}
	var misses []Miss
	for _, c := range checks {
		if name, ok := strings.CutPrefix(c.at, "headers."); ok {
			v, there := values["headers"].(map[string]any)[name]
			misses = c.m.match(misses, c.at, v, there)
			continue
		}
		v, there := values[c.at]
		misses = c.m.match(misses, c.at, v, there)
	}
	if len(misses) == 0 {
		return nil
	}
	return &failure{
		outcome: Failed, misses: misses,
		why:  differs("the firing is not as expected", misses),
		text: "The firing is not as expected.\n" + missText(misses) + firingText(f),
	}
}

// implied is what is expected where nothing is said of the end: it succeeds, or would.
func (x *Fire) implied(f *act.Firing) []check {
	if x.Dry && x.Firing != nil && x.Firing.Problems != nil {
		return nil
	}
	if x.Dry {
		return []check{{"problems", sound{}}}
	}
	return []check{{"result", oneOf{equals{string(act.Success), flat}, equals{string(act.Pending), flat}}}}
}

func firingValues(f *act.Firing) map[string]any {
	headers := map[string]any{}
	for _, h := range f.Request.Headers {
		headers[strings.ToLower(h.Name)] = h.Value
	}
	problems := []foundID{}
	for _, p := range f.Problems {
		problems = append(problems, foundID{p.ID, p.Severity != act.Error && p.Severity != act.Warning, p.Severity == act.Error})
	}
	return map[string]any{
		"service": f.Service, "method": f.Request.Method, "url": f.Request.URL, "headers": headers,
		"payload": decodeJSON([]byte(f.Request.Body)), "attempts": json.Number(strconv.Itoa(len(f.Attempts))),
		"response": tree(f.Response), "rendered_response": f.RenderedResponse, "result": string(f.Result),
		"error": f.Error, "problems": problems,
	}
}

// sound wants that no problem keeps a request from being good.
type sound struct{}

func (m sound) match(misses []Miss, at string, got any, _ bool) []Miss {
	all, _ := got.([]foundID)
	if slices.ContainsFunc(all, func(f foundID) bool { return f.grave }) {
		return append(misses, Miss{at, m.want(), idText(all)})
	}
	return misses
}

func (sound) want() string { return "no errors" }

// firingText is what was fired, for a report.
func firingText(f *act.Firing) string {
	out := fmt.Sprintf("This was fired:\n  %s %s: %s\n", f.Request.Method, event.Clean(f.Request.URL, maxShown), f.Result)
	if f.Error != "" {
		out += "  " + event.Clean(f.Error, maxShown) + "\n"
	}
	for _, p := range f.Problems {
		out += fmt.Sprintf("  %s %s: %s %s\n", p.Severity, p.ID, event.Clean(p.Message, maxShown), event.Clean(p.Cure, maxShown))
	}
	return out
}
