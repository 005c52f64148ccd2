package probe

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// badRef is what git refuses in the name of a branch (git-check-ref-format).
var badRef = regexp.MustCompile(`[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|\.lock$|\.$|^-|^/|/$`)

// TestValuesAreWhatASystemCanHold: a defect that nobody can meet would be a false red.
func TestValuesAreWhatASystemCanHold(t *testing.T) {
	for _, c := range Carriers(Systems(), []string{"NOTES"}) {
		for _, v := range append(Values(), Tame()) {
			text, ok := v.In(c)
			if !ok {
				if v.Name == "tame" {
					t.Errorf("%s cannot hold a tame value", c.Name)
				}
				continue
			}
			switch {
			case c.Kind == Version:
			case !strings.Contains(text, c.open()) || !strings.Contains(text, c.shut()):
				t.Errorf("%s in %s cannot be recognised: %q", v.Name, c.Name, clip(text, 0, 80))
			case c.Kind != Text && strings.ContainsAny(text, "\r\n"):
				t.Errorf("%s in %s has a line break", v.Name, c.Name)
			case c.Kind == Person && strings.ContainsAny(text, "<>"):
				t.Errorf("%s in %s has angle brackets, which git takes away", v.Name, c.Name)
			case c.Kind == Branch && badRef.MatchString(text):
				t.Errorf("%s: git has no branch %q", v.Name, text)
			}
		}
	}
	c := Carriers(nil, []string{"NOTES"})[0]
	for _, v := range Values() {
		if text, ok := v.In(c); v.Name == "long" && (len(text) < LongBytes || len(text) > LongBytes+100) || !ok != (v.Name == "trailing-zero") {
			t.Errorf("%s in a text: %d bytes, %v", v.Name, len(text), ok)
		}
	}
}

func carrier(kind Kind) Carrier { return Carrier{System: own, Name: "X", Kind: kind, number: 7} }

func TestCompareText(t *testing.T) {
	c := carrier(Text)
	o, s := c.open(), c.shut()
	long, _ := Values()[len(Values())-1].In(c)
	for _, row := range []struct {
		name, put, arrived string
		want               Outcome
		at                 int
	}{
		{"as it was", o + ` say "hi" ` + s, o + ` say "hi" ` + s, Unchanged, -1},
		{"with text around", o + " x " + s, "deployed: " + o + " x " + s + " by mary", Unchanged, -1},
		{"white space at the ends", "  " + o + " x " + s + "\n", o + " x " + s, Trimmed, 0},
		{"CRLF to LF", o + " a\r\n\r\nb " + s, o + " a\n\nb " + s, Trimmed, len(o) + 2},
		{"first line", o + " first\n\nsecond " + s, o + " first", Shortened, len(o) + 6},
		{"first line, text around", o + " first\n\nsecond " + s, "x " + o + " first (#12)", Shortened, len(o) + 6},
		{"first line of CRLF", o + " first\r\n\r\nsecond " + s, o + " first", Shortened, len(o) + 6},
		{"a long text cut", long, long[:500], Shortened, 500},
		{"a long text cut at once", long, long[:len(o)+3], Changed, len(o) + 3},
		{"lines joined", o + " first\n\nsecond " + s, o + " first second " + s, Changed, len(o) + 6},
		{"cut at a hash", o + " closes #12 # and " + s, o + " closes", Changed, len(o) + 7},
		{"quotes gone", o + ` "hi" ` + s, o + " hi " + s, Changed, len(o) + 1},
		{"an option", "-n " + o + " dash " + s, o + " dash " + s, Changed, 0},
		{"empty", o + " x " + s, "", Changed, 0},
		{"something else", o + " x " + s, "Event Created by OpsLevel CLI", Changed, 0},
	} {
		if row.at < 0 {
			row.at = len(row.put)
		}
		if got := compareText(c, row.put, row.arrived); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
		if at := firstDifference(c, row.put, row.arrived); at != row.at {
			t.Errorf("%s: differs from byte %d on, want %d", row.name, at, row.at)
		}
	}
}

// sent is a run in which deploys with these descriptions were recorded.
func sent(descriptions ...string) Run {
	var r Run
	for i, d := range descriptions {
		r.Events = append(r.Events, &event.Event{Seq: uint64(i + 1), Kind: event.KindDeploy, HTTP: 202, Result: deploy.OK,
			Deploy: &deploy.Deploy{Service: "cart", Environment: "Production", Description: d}})
	}
	return r
}

// valueNamed is one hostile value.
func valueNamed(t *testing.T, name string) Value {
	t.Helper()
	i := slices.Index(ValueNames(), name)
	if i < 0 {
		t.Fatalf("no value %s", name)
	}
	return Values()[i]
}

func TestCompare(t *testing.T) {
	c := carrier(Text)
	tame, _ := Tame().In(c)
	b := NewBaseline(sent("deployed: "+tame), []Carrier{c, {Name: "unused", Kind: Line, number: 8}})
	if len(b.Used) != 1 || b.Used[0].Spots[0] != (Spot{Field: "description"}) || !slices.Equal(b.Unused, []string{"unused"}) {
		t.Fatalf("baseline %+v", b)
	}
	refused := sent("")
	refused.Events[0].Result, refused.Events[0].Title = deploy.Rejected, "Bad Request"
	refused.Events[0].Request = &event.Request{Body: `{"description":"a "b""}`, BodyLength: 23}
	blank := sent("Event Created by OpsLevel CLI")
	blank.Events[0].Findings = []finding.Finding{{ID: "sender.broken_yaml", Severity: finding.Silent}}
	moved := sent("deployed: " + c.open() + ` say "hi" to ` + c.shut())
	moved.Events[0].Deploy.Environment = "to"
	for _, row := range []struct {
		name, value string
		run         Run
		want        Outcome
		grade       Grade
		cause       string
	}{
		{"well", "double-quote", sent("deployed: " + c.open() + ` say "hi" to ` + c.shut()), Unchanged, Good, ""},
		{"refused", "double-quote", refused, Broken, Bad, "a quote ended the JSON string"},
		{"broken YAML", "double-quote", blank, Broken, Bad, "broke the YAML"},
		{"cut", "double-quote", sent("deployed: " + c.open() + " say "), Changed, Bad, "A quote ended the text"},
		{"another field", "double-quote", moved, Misplaced, Bad, "changed environment"},
		{"twice", "newline", sent("a", "b"), Twice, Bad, "2 deploys were recorded"},
		{"none", "newline", Run{}, Missing, Bad, "ended with 0"},
		{"failed", "newline", Run{Code: 2}, Failed, Bad, "exit code 2"},
		{"too long", "long", Run{Code: 126}, Failed, Warning, "128 KiB"},
		{"too long and silent", "long", Run{}, Missing, Bad, "ended with 0"},
		{"late", "newline", Run{Code: 143, TimedOut: true}, Failed, Bad, "in time"},
		{"executed", "command", sent(c.open() + " ran " + c.shut()), Changed, Bad, "A shell ran the command"},
		{"executed", "backtick", sent(c.open() + " ran " + c.shut()), Changed, Bad, "A shell ran the command"},
		{"expanded", "variable", sent(c.open() + " expanded or expanded or " + c.shut()), Changed, Bad, "filled in the variable"},
		{"emptied", "variable", sent(c.open() + "  or  or " + c.shut()), Changed, Bad, "filled in the variable"},
		{"globbed", "star", sent(c.open() + " 2 a.txt 3 " + c.shut()), Changed, Bad, "unquoted"},
		{"collapsed", "spaces", sent(c.open() + " two spaces " + c.shut()), Changed, Bad, "unquoted"},
		{"comment", "hash", sent(c.open() + " closes"), Changed, Bad, "comment"},
		{"escapes read by JSON", "backslash", sent(c.open() + " C:\temp\new \"x\\ A " + c.shut()), Changed, Bad, "JSON or YAML"},
		{"escapes read by echo", "backslash", sent(c.open() + " C:\temp\new \\\"x\\ \\u0041 " + c.shut()), Changed, Bad, "echo"},
		{"escaped twice", "double-quote", sent(c.open() + ` say \"hi\" to ` + c.shut()), Changed, Bad, "once too often"},
		{"latin-1", "emoji", sent(c.open() + " ??? Gr??e, ?? " + c.shut()), Changed, Bad, "UTF-8"},
		{"pattern", "percent", sent(c.open() + " 100% 0 % " + c.shut()), Changed, Bad, "printf"},
		{"html", "markup", sent(c.open() + " &lt;b&gt; " + c.shut()), Changed, Bad, "HTML"},
	} {
		got := b.Compare(Round{Value: valueNamed(t, row.value), Carriers: []Carrier{c}}, row.run)[0]
		if got.Outcome != row.want || got.Grade != row.grade || !strings.Contains(got.Cause, row.cause) {
			t.Errorf("%s: %s, %s, %q", row.name, got.Outcome, got.Grade, got.Cause)
		}
		if got.Grade == Bad && (got.Cause == "" || got.Cure == "" || got.Put == "") || len(got.Put) > 2*evidenceBytes || len(got.Arrived) > 2*evidenceBytes {
			t.Errorf("%s: no evidence or too much: %+v", row.name, got)
		}
	}
}

// TestEvidenceShowsThePlace: of a long text the part that differs is shown.
func TestEvidenceShowsThePlace(t *testing.T) {
	c := carrier(Text)
	tame, _ := Tame().In(c)
	b := NewBaseline(sent(tame), []Carrier{c})
	text, _ := valueNamed(t, "long").In(c)
	got := b.Compare(Round{Value: valueNamed(t, "long"), Carriers: []Carrier{c}}, sent(text[:60_000]+"HERE"+text[60_004:]))[0]
	if got.Outcome != Changed || got.At != 60_000 || !strings.Contains(got.Arrived, "HERE") {
		t.Errorf("%+v", got)
	}
}

// TestSeveralDeploys: a run that reports two services is compared service by service, in whatever order they come.
func TestSeveralDeploys(t *testing.T) {
	c := carrier(Text)
	tame, _ := Tame().In(c)
	two := func(first, second string, swapped bool) Run {
		r := sent(first, second)
		r.Events[1].Deploy.Service = "payments"
		if swapped {
			slices.Reverse(r.Events)
		}
		return r
	}
	b := NewBaseline(two(tame, tame, false), []Carrier{c})
	good, _ := valueNamed(t, "colon").In(c)
	round := Round{Value: valueNamed(t, "colon"), Carriers: []Carrier{c}}
	if got := b.Compare(round, two(good, good, true))[0]; got.Outcome != Unchanged {
		t.Errorf("%+v", got)
	}
	if got := b.Compare(round, two(good, "fix", true))[0]; got.Outcome != Changed || got.Event != 2 {
		t.Errorf("%+v", got)
	}
	if got := b.Compare(round, sent(good))[0]; got.Outcome != Missing {
		t.Errorf("%+v", got)
	}
}

func TestPlan(t *testing.T) {
	text, line, login := carrier(Text), carrier(Line), carrier(Login)
	other := carrier(Text)
	other.number = 9
	rounds := Plan([]Carrier{text, other, line, login}, Values())
	held := map[string]int{}
	for _, r := range rounds {
		held[r.Value.Name]++
		for _, c := range r.Carriers {
			if _, ok := r.Value.In(c); !ok {
				t.Errorf("%s cannot be held by %s", r.Value.Name, c.Kind)
			}
		}
	}
	if held["long"] != 2 || held["newline"] != 1 || held["trailing-zero"] != 0 {
		t.Errorf("%v", held)
	}
	r := Round{Value: valueNamed(t, "colon"), Carriers: []Carrier{text, other}}
	if tame, _ := Tame().In(line); r.of(line) != tame || r.of(text) == tame || len(r.Singly()) != 2 {
		t.Error("a round puts its value into its own carriers alone")
	}
}

func build(change func(*Scene)) (Set, map[string]string) {
	s := Scene{Systems: Systems(), Carriers: Carriers(Systems(), nil), Run: 1, Attempt: 1, Environment: "staging", Told: true, Now: time.Unix(1_800_000_000, 0)}
	change(&s)
	set := s.Build()
	all := map[string]string{}
	for _, pair := range set.Variables {
		name, value, _ := strings.Cut(pair, "=")
		all[name] = value
	}
	return set, all
}

// TestRunsDiffer: what a run, a second try and another environment change is what the CI systems change.
func TestRunsDiffer(t *testing.T) {
	_, first := build(func(*Scene) {})
	_, again := build(func(s *Scene) { s.Attempt = 2 })
	_, next := build(func(s *Scene) { s.Run = 2 })
	_, other := build(func(s *Scene) { s.Environment, s.Job = "production", 1 })
	for _, row := range []struct {
		name                string
		again, next, others bool // whether it changes
	}{
		{"GITHUB_RUN_ID", false, true, false}, {"GITHUB_RUN_NUMBER", false, true, false}, {"GITHUB_RUN_ATTEMPT", true, false, false},
		{"GITHUB_SHA", false, true, false}, {"GITHUB_JOB", false, false, true}, {"CIRCLE_PIPELINE_ID", false, true, false},
		{"CIRCLE_WORKFLOW_ID", true, true, false}, {"CIRCLE_BUILD_NUM", true, true, true}, {"BUILD_NUMBER", true, true, false},
		{"CI_PIPELINE_ID", false, true, false}, {"CI_JOB_ID", true, true, true}, {"CI_ENVIRONMENT_NAME", false, false, true},
		{"ENVIRONMENT", false, false, true}, {"Octopus_Deployment_Id", true, true, true},
		{"CI_COMMIT_SHA", false, true, false},
	} {
		if first[row.name] == "" || first[row.name] != again[row.name] != row.again || first[row.name] != next[row.name] != row.next || first[row.name] != other[row.name] != row.others {
			t.Errorf("%s: %q, %q, %q, %q", row.name, first[row.name], again[row.name], next[row.name], other[row.name])
		}
	}
	if first["GITHUB_SHA"] != first["CI_COMMIT_SHA"] || first["GIT_COMMIT"] != first["CIRCLE_SHA1"] || len(first["GITHUB_SHA"]) != 40 {
		t.Error("the systems name different commits")
	}
	if _, quiet := build(func(s *Scene) { s.Told = false }); quiet["ENVIRONMENT"] != "" || quiet["CI_ENVIRONMENT_NAME"] != "" {
		t.Error("the environment is set without --rerun")
	}
}

// TestGiven: what no run changes is the user's, and the CLI's variable only changes where it is there.
func TestGiven(t *testing.T) {
	_, none := build(func(*Scene) {})
	_, given := build(func(s *Scene) {
		s.Given = map[string]string{"GITHUB_REPOSITORY": "acme/shop", "GITHUB_RUN_ID": "1", "OPSLEVEL_ENVIRONMENT": "prod"}
	})
	if none["GITHUB_REPOSITORY"] != "acme/cart" || none["OPSLEVEL_ENVIRONMENT"] != "" {
		t.Errorf("%v", none)
	}
	if given["GITHUB_REPOSITORY"] != "acme/shop" || given["GITHUB_RUN_ID"] != none["GITHUB_RUN_ID"] || given["OPSLEVEL_ENVIRONMENT"] != "staging" {
		t.Errorf("%v", given)
	}
	_, alone := build(func(s *Scene) {
		s.Systems, s.Carriers, s.Given = []string{GitLab}, Carriers([]string{GitLab}, nil), map[string]string{"GITHUB_REPOSITORY": "acme/shop"}
	})
	if _, there := alone["GITHUB_REPOSITORY"]; there {
		t.Error("a variable of a system that is not played")
	}
}

func TestSplice(t *testing.T) {
	set, all := build(func(*Scene) {})
	for in, want := range map[string]string{
		"${{ github.actor }}":              all["GITHUB_ACTOR"],
		"x ${{github.run_id}} y":           "x " + all["GITHUB_RUN_ID"] + " y",
		"${{ secrets.URL }} $HOME":         "${{ secrets.URL }} $HOME",
		"${{ github.actor":                 "${{ github.actor",
		"cart-{environment}":               "cart-staging",
		"#{Octopus.Release.Number} ${{ }}": "41.7.3 ${{ }}",
		"no #{such.thing} here":            "no #{such.thing} here",
	} {
		if got := set.Splice(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	if got := set.Splice("${{ github.event.head_commit.message }}"); !strings.Contains(got, " tame ") {
		t.Errorf("the event's message is %q", got)
	}
}

// TestCommitIsGits: git gives the commit the same name.
func TestCommitIsGits(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	set, _ := build(func(*Scene) {})
	object := set.Commit.Objects()[0]
	cmd := exec.Command("git", "hash-object", "-t", "commit", "--stdin")
	_, content, _ := strings.Cut(string(object.Content), "\x00")
	cmd.Stdin = strings.NewReader(content)
	out, err := cmd.Output()
	if err != nil || strings.TrimSpace(string(out)) != set.SHA || object.SHA != set.SHA {
		t.Errorf("git: %s %v, here %s", out, err, set.SHA)
	}
}

// repeated is a deploy that is dropped as a duplicate.
func repeated(environment string, lost bool) Run {
	r := sent("d")
	e := r.Events[0]
	e.Seq, e.Result, e.DuplicateOf, e.Deploy.Environment, e.Deploy.DedupID = 9, deploy.Duplicate, 1, environment, "7"
	if lost {
		e.Findings = []finding.Finding{{ID: "silent.duplicate", Severity: finding.Silent, Evidence: "The dedup_id was used before."}}
	}
	return r
}

// later is a run whose duplicate is that of a deploy of its own.
func later(r Run) Run {
	r.Events[0].DuplicateOf = 8
	return r
}

func TestJudgeStep(t *testing.T) {
	steps := Steps([]string{"staging", "production"})
	if len(steps) != 5 || steps[2].Kind != SecondTry || steps[2].Attempt != 2 || steps[3].Run != 2 || steps[1].Job == steps[0].Job {
		t.Fatalf("%+v", steps)
	}
	earlier := []Stepped{JudgeStep(steps[0], sent("d"), nil, 1)}
	refused := sent("d")
	refused.Events[0].Result = deploy.Rejected
	if got := JudgeStep(steps[3], Run{}, earlier, 0); got.Grade != Good {
		t.Errorf("a run that need not send anything: %+v", got)
	}
	if one, two := (Stepped{Arrived: []string{"a", "b"}}), (Stepped{Arrived: []string{"a"}}); EnvironmentsTaken([]Stepped{one, one}) || !EnvironmentsTaken([]Stepped{one, two}) {
		t.Error("environments that are the same in each run are not taken from it")
	}
	for _, row := range []struct {
		name string
		step Step
		run  Run
		want Grade
		says string
	}{
		{"recorded", steps[3], sent("d"), Good, ""},
		{"another environment dropped", steps[1], repeated("staging", true), Bad, "staging never gets a deploy"},
		{"the same environment repeated", steps[1], repeated("Production", false), Note, "was not checked"},
		{"the same environment, another URL", steps[1], repeated("Production", true), Note, "was not checked"},
		{"a second try", steps[2], repeated("Production", false), Note, "the first try"},
		{"a second try that says more", steps[2], repeated("Production", true), Note, "the first try"},
		{"the next run, all the same", steps[3], repeated("Production", false), Bad, "an earlier run"},
		{"the next run", steps[3], repeated("staging", true), Bad, "drops every later one"},
		{"the next run, in one go", steps[3], later(repeated("staging", true)), Bad, "more than once in one run"},
		{"nothing", steps[3], Run{}, Bad, "0 deploys"},
		{"failed", steps[3], Run{Code: 3}, Bad, "exit code 3"},
		{"late", steps[3], Run{Code: 143, TimedOut: true}, Bad, "in time"},
		{"refused", steps[3], refused, Bad, "refuses"},
	} {
		got := JudgeStep(row.step, row.run, earlier, 1)
		if got.Grade != row.want || !strings.Contains(got.Cause, row.says) {
			t.Errorf("%s: %s %q", row.name, got.Grade, got.Cause)
		}
		if (got.Grade == Bad) != (got.Cause != "" && got.Grade != Note) || got.Grade == Bad && got.Cure == "" {
			t.Errorf("%s: no cause or cure: %+v", row.name, got)
		}
	}
}
