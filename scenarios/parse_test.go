package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scenario.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid says what the schema makes of a file, by a validator that knows nothing of our parser.
func valid(t testing.TB, s *jsonschema.Schema, src []byte) error {
	t.Helper()
	f, err := yamlfile.Parse("x", src)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(jsonOf(f.Docs[0])))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

// one is a file with these steps.
func one(steps string) string {
	return "version: 1\nname: x\nsteps:\n  - " + strings.ReplaceAll(steps, "\n", "\n    ") + "\n"
}

// Both say the same of each file. Each row that is wrong names the place and a part of the message.
func TestSchemaAndParserAgree(t *testing.T) {
	schema := compiled(t)
	for _, s := range Library() {
		if err := valid(t, schema, LibrarySource(s.Path)); err != nil {
			t.Errorf("%s: the schema refuses it: %v", s.Path, err)
		}
	}
	for _, good := range []string{
		one("send:"), one("reset:"), one("expect: ''"), one("expect: {query: a, times: 0}"), one("run: [a, b]"), one("run: echo ${HOME}"),
		one("run: {script: x, exit: {not: 0}, stdout: {contains: 1}}"), one("fire: t"), one("fault: off"), one("fault: reset"),
		one("send: {answer: {body: {a: {b: [1, {gt: 2}]}, not: 3}}}"), one("send: {answer: {body: {has: {not: 1}}}}"),
		one("send: {answer: {http: {one_of: [1, {lt: 3}]}, service: null, findings: []}}"), one("send: {payload: null}"),
		one("advance: 1h30m"), one("capture: {a: 'event.findings[0].id'}"), one("send: {headers: {A: b, C: [d, e]}}"),
	} {
		if err := valid(t, schema, []byte(good)); err != nil {
			t.Errorf("the schema refuses %s: %v", good, err)
		}
		if _, err := Parse("good.yaml", []byte(good)); err != nil {
			t.Errorf("the parser refuses %s: %v", good, err)
		}
	}
	for _, bad := range wrongFiles() {
		if valid(t, schema, []byte(bad.src)) == nil && !bad.beyond {
			t.Errorf("the schema takes %s", bad.src)
		}
		_, err := Parse("bad.yaml", []byte(bad.src))
		var all yamlfile.Errors
		if !errors.As(err, &all) {
			t.Errorf("the parser takes %s: %v", bad.src, err)
			continue
		}
		at := fmt.Sprintf("bad.yaml:%d:%d", all[0].Line, all[0].Column)
		if text := all[0].Error(); at != bad.at || !strings.Contains(text, bad.says) {
			t.Errorf("%s\ngot %s, want %s and %q", bad.src, text, bad.at, bad.says)
		}
	}
}

// wrongFile is a file with a mistake: where it is, and what is said of it. beyond: no schema can see it.
type wrongFile struct {
	src, at, says string
	beyond        bool
}

func wrongFiles() []wrongFile {
	step := func(src, at, says string) wrongFile { return wrongFile{src: one(src), at: at, says: says} }
	beyond := func(src, at, says string) wrongFile { return wrongFile{one(src), at, says, true} }
	return []wrongFile{
		{"version: 2\nname: x\nsteps: [{send: }]\n", "bad.yaml:1:10", "version 2 is not known", false},
		{"version: 1\nsteps: [{send: }]\n", "bad.yaml:1:1", "name is missing", false},
		{"version: 1\nname: x\n", "bad.yaml:1:1", "steps is missing", false},
		{"version: 1\nname: x\nsteps: []\n", "bad.yaml:3:8", "without steps", false},
		{"version: 1\nname: x\nstep: [{send: }]\n", "bad.yaml:3:1", `did you mean "steps"?`, false},
		{"version: 1\nname: x\nfixtures: [a]\naccount: {}\nsteps: [{send: }]\n", "bad.yaml:4:10", "not both", false},
		{"version: 1\nname: x\naccount: {servises: []}\nsteps: [{send: }]\n", "bad.yaml:3:11", `did you mean "services"?`, true},
		{"version: 1\nname: \"a\\nb\"\nsteps: [{send: }]\n", "bad.yaml:2:7", "one line", false},
		step("sent:", "bad.yaml:4:5", `did you mean "send"?`),
		step("send:\nexpect: a", "bad.yaml:5:5", "its second"),
		step("send: {paylod: 1}", "bad.yaml:4:12", `did you mean "payload"?`),
		step("send: {payload: {}, body: a}", "bad.yaml:4:31", "one body"),
		step("send: {body: a, set: {a: b}}", "bad.yaml:4:12", "do not go with body"),
		beyond("send: {headers: {Host: []}}", "bad.yaml:4:28", "one Host"),
		beyond("send: {headers: {hosT: [a, b]}}", "bad.yaml:4:28", "one Host"),
		beyond("send: {headers: {'a b': c}}", "bad.yaml:4:29", "cannot be the name of a header"),
		beyond("send: {headers: {a: \"b\\nc\"}}", "bad.yaml:4:25", "has a line break"),
		step("send: {path: api}", "bad.yaml:4:18", "no path"),
		step("send: {answer: {http: {contians: 4}}}", "bad.yaml:4:28", `did you mean "contains"?`),
		step("send: {answer: {http: {gt: 4, lt: 9}}}", "bad.yaml:4:28", "a map of one operator"),
		step("send: {answer: {http: [202]}}", "bad.yaml:4:27", "single value"),
		step("send: {answer: {resul: ok}}", "bad.yaml:4:21", `did you mean "result"?`),
		step("send: {answer: {findings: ok}}", "bad.yaml:4:31", "list of ids"),
		step("fault: {kind: reset, frist: 1}", "bad.yaml:4:26", `did you mean "first"?`),
		step("fault: rset", "bad.yaml:4:12", "reset"),
		step("advance: soon", "bad.yaml:4:14", "not a duration"),
		step("reset: now", "bad.yaml:4:12", "reset takes nothing"),
		step("accept: {name: a}", "bad.yaml:4:14", "alias is missing"),
		step("bind: a", "bad.yaml:4:11", "must be a map"),
		step("capture: {a-b: event.seq}", "bad.yaml:4:15", "is no name"),
		step("capture: {a: event..seq}", "bad.yaml:4:18", "is no path"),
		step("run: {script: a, command: [b]}", "bad.yaml:4:11", "a command or a script"),
		step("fire: {inputs: {}}", "bad.yaml:4:12", "template is missing"),
		step("fire: {template: a, firing: {}, refused: b}", "bad.yaml:4:46", "fires nothing"),
		step("fire: {template: a, answers: [{status: 99}]}", "bad.yaml:4:44", "no HTTP status"),
		beyond("send: {answer: {body: {a: {contians: 4}}}}", "bad.yaml:4:32", "stands in has: {contians"),
		beyond("send: {answer: {body: {not: {a: 1}}}}", "bad.yaml:4:34", "not: {has: {...}}"),
		beyond("send: {answer: {findings: [silent.duplicat]}}", "bad.yaml:4:32", "silent.duplicate"),
		beyond("send: {answer: {why: {matches: '('}}}", "bad.yaml:4:36", "missing closing"),
		beyond("expect: {query: 'servce:a'}", "bad.yaml:4:21", "unknown field"),
		beyond("expect: {times: 1, min: 1}", "bad.yaml:4:14", "times"),
		beyond("send: {body: '${captured.a}'}", "bad.yaml:4:18", `nothing was captured as "a"`),
		beyond("send: {body: '${HOME}'}", "bad.yaml:4:18", "is no reference"),
		beyond("send: {body: '${emulator.ulr}'}", "bad.yaml:4:18", `did you mean "url"?`),
		beyond("send: {body: '${env:A'}", "bad.yaml:4:18", "has no }"),
		beyond("advance: -1h", "bad.yaml:4:14", "onwards"),
	}
}

func TestLimitsOfAFile(t *testing.T) {
	steps := strings.Repeat("  - send:\n", MaxSteps)
	if _, err := Parse("x", []byte("version: 1\nname: x\nsteps:\n"+steps)); err != nil {
		t.Error(err)
	}
	for want, src := range map[string]string{
		"more than 1000 steps":           "version: 1\nname: x\nsteps:\n" + steps + "  - send:\n",
		"larger than 1024 KiB":           "version: 1\nname: x\ndescription: " + strings.Repeat("a", MaxFile) + "\nsteps: [{send: }]\n",
		"one line of at most 200":        "version: 1\nname: " + strings.Repeat("n", MaxName+1) + "\nsteps: [{send: }]\n",
		"the file holds 2 documents":     "version: 1\nname: x\nsteps: [{send: }]\n---\nversion: 1\nname: x\nsteps: [{send: }]\n",
		"the file holds 0 documents":     "",
		"names to 1 to 100 values":       one("capture: {" + strings.Repeat("a", 1) + manyKeys(MaxCaptures) + "}"),
		"more than 100 answers":          one("fire: {template: a, answers: [" + strings.Repeat("{},", MaxAnswers) + "{}]}"),
		"expression of at most 512":      one("send: {answer: {why: {matches: " + strings.Repeat("a", maxRegexp+1) + "}}}"),
		"moves onwards, by at most 100 ": one("advance: 900000h"),
	} {
		if _, err := Parse("x", []byte(src)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %.200v, want %q", err, want)
		}
	}
}

// manyKeys are so many further keys of a map whose first key was begun.
func manyKeys(n int) string {
	var b strings.Builder
	b.WriteString(": e")
	for i := range n {
		fmt.Fprintf(&b, ", k%d: e", i)
	}
	return b.String()
}

// The schema names the kinds of faults by hand; they are those of the room.
func TestSchemaHasEveryFault(t *testing.T) {
	var doc struct {
		Defs map[string]struct {
			Properties map[string]struct{ Enum []string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &doc); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, k := range fault.Kinds() {
		kinds = append(kinds, string(k.Kind))
	}
	if got := doc.Defs["fault"].Properties["kind"].Enum; strings.Join(got, " ") != strings.Join(kinds, " ") {
		t.Errorf("got %v, want %v", got, kinds)
	}
}

// What is written by others can be read back.
func TestMarshalledScenarioIsRead(t *testing.T) {
	payload, err := Value(map[string]any{"service": "cart", "description": "${HOME} costs 5", "n": json.Number("1.10"), "deep": []any{nil, true, "yes"}})
	if err != nil {
		t.Fatal(err)
	}
	body := Literal("a=${b}\r\n\t\"quoted\"")
	in := Scenario{Version: 1, Name: "recorded", Steps: []Step{
		{Send: &Send{Payload: payload, Answer: &Answer{HTTP: nodeAt(json.Number("202"), yamlfile.Pos{})}}},
		{Send: &Send{Body: &body, Headers: map[string]HeaderValues{"X-A": {"b", "c"}}}},
		{Expect: &Expect{Query: "service:cart", Within: Duration(1500000000)}},
		{Advance: &Advance{By: Duration(3600000000000)}},
		{Reset: &Reset{}}, {Retire: &Retire{"Deploys"}}, {Send: &Send{}}, {Capture: &Capture{map[string]string{"a": "event.seq"}}},
		{Fault: &Fault{Off: true}}, {Fault: &Fault{Fault: fault.Fault{Kind: fault.KindReset, First: 2}}},
	}}
	src, err := yamlfile.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse("written.yaml", src)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	if got := string(jsonOf(s.Steps[0].Send.Payload)); got != `{"deep":[null,true,"yes"],"description":"$${HOME} costs 5","n":1.10,"service":"cart"}` {
		t.Errorf("the payload is %s", got)
	}
	if *s.Steps[1].Send.Body != body || len(s.Steps[1].Send.Headers["X-A"]) != 2 || s.Steps[2].Expect.Within.String() != "1.5s" || s.Steps[3].Advance.By.String() != "1h0m0s" ||
		s.Steps[5].Retire.Integration != "Deploys" || s.Steps[7].Capture.Paths["a"] != "event.seq" || !s.Steps[8].Fault.Off || s.Steps[9].Fault.First != 2 {
		t.Errorf("read back:\n%s", src)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range LibraryNames() {
		f.Add(LibrarySource(name))
	}
	for _, w := range wrongFiles() {
		f.Add([]byte(w.src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := Parse("fuzz.yaml", src)
		var all yamlfile.Errors
		switch {
		case err != nil && (!errors.As(err, &all) || len(all) == 0):
			t.Errorf("%T: %v", err, err)
		case err == nil && (len(s.Steps) == 0 || s.Name == ""):
			t.Errorf("taken: %q", src)
		case err == nil:
			_ = Check([]*Scenario{s}, Options{})
		}
	})
}
