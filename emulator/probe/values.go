package probe

import (
	"slices"
	"strings"
)

// Value is one hostile value.
type Value struct {
	Name string `json:"name"`
	// Short says what is hostile about it.
	Short string `json:"short"`
	// core is what stands between the two words of the carrier, by kind; a kind without one cannot hold the value.
	core map[Kind]string
	// before and after stand outside the words.
	before, after string
	// alone: it is put into one carrier at a time, since two of them may be more than a system allows.
	alone bool
}

// LongBytes is the length of the value named long. One argument of a program may have 128 KiB on Linux, so it is below.
const LongBytes = 100_000

// variable is what the values name as a variable, and expanded what it holds, so that an expansion shows.
const (
	variable = "BUBBLELEVEL_PROBE"
	expanded = "expanded"
	ran      = "ran"
)

// Tame is a value that harms nobody.
func Tame() Value {
	return Value{Name: "tame", Short: "a harmless value", core: map[Kind]string{
		Text: " tame ", Line: " tame ", Person: " tame ", Email: ".tame.", Branch: "-tame-", Login: "-tame-", Version: "41.7.3",
	}}
}

// spaced is the core of a value for texts, lines and persons.
func spaced(core string) map[Kind]string {
	return map[Kind]string{Text: " " + core + " ", Line: " " + core + " ", Person: " " + core + " "}
}

// and adds the core for one more kind.
func (v Value) and(kind Kind, core string) Value {
	v.core[kind] = core
	return v
}

// without takes a kind away.
func (v Value) without(kinds ...Kind) Value {
	for _, k := range kinds {
		delete(v.core, k)
	}
	return v
}

func value(name, short, core string) Value {
	return Value{Name: name, Short: short, core: spaced(core)}
}

// Values are the hostile values, in the order in which they are tried.
func Values() []Value {
	return []Value{
		value("double-quote", `a " in it`, `say "hi" to`).and(Branch, `-"hi"-`),
		value("single-quote", "a ' in it", `it's done`).and(Branch, `-it's-`).and(Email, `.o'brien.`),
		value("colon", `": " in it`, `fix: this: that`),
		value("hash", "a # in it", `closes #12 # and more`).and(Branch, "-#12-").and(Email, ".#12."),
		value("newline", "several lines", "first line\n\nsecond: line\n- third").without(Line, Person),
		value("backslash", `a \ in it`, `C:\temp\new \"x\\ \u0041`),
		value("command", "$(...) in it", "$(echo "+ran+")").and(Branch, "-$(echo${IFS}"+ran+")-"),
		value("backtick", "`...` in it", "`echo "+ran+"`").and(Branch, "-`echo${IFS}"+ran+"`-"),
		value("variable", "${NAME} and $NAME in it", "${"+variable+"} or $"+variable+" or").and(Branch, "-${"+variable+"}-").and(Email, ".${"+variable+"}."),
		value("star", "a * in it", "2 * 3"),
		value("percent", "a % in it", "100% %s %d %%").and(Branch, "-100%s-").and(Email, ".100%s."),
		value("markup", "<, & and > in it", "<b>you & me</b> &amp; 1>2").without(Person).and(Branch, "-a&b-").and(Email, ".a&b."),
		value("brackets", "[ and { in it", "[bot] {x}").and(Login, "[bot]"),
		value("emoji", "signs beyond Latin", "✅ Grüße, 世界"),
		value("non-bmp", "signs beyond 16 bits", "🚀 𝒳").and(Branch, "-🚀-"),
		{Name: "leading-dash", Short: "begins with a dash", core: spaced("dash"), before: "-n "},
		{Name: "spaces", Short: "spaces around it and two within", core: map[Kind]string{Text: " two  spaces "}, before: "  ", after: "  "},
		{Name: "trailing-newline", Short: "ends with a line break", core: map[Kind]string{Text: " one line "}, after: "\n"},
		{Name: "crlf", Short: "lines with CRLF", core: map[Kind]string{Text: " first\r\n\r\nsecond "}},
		{Name: "trailing-zero", Short: "a number with a 0 at its end", core: map[Kind]string{Version: "41.70"}},
		{Name: "long", Short: "100 kB", core: map[Kind]string{Text: long()}, alone: true},
	}
}

// long is a text of LongBytes together with the words around it, in lines of one paragraph.
func long() string {
	const words = " a long line of a message"
	return strings.Repeat(words, LongBytes/len(words)) + " "
}

// ValueNames are the names of all hostile values.
func ValueNames() (names []string) {
	for _, v := range Values() {
		names = append(names, v.Name)
	}
	return names
}

// In is the value as it stands in a carrier; ok is false where the carrier cannot hold it.
func (v Value) In(c Carrier) (text string, ok bool) {
	core, ok := v.core[c.Kind]
	if !ok {
		return "", false
	}
	switch c.Kind {
	case Version:
		return core, true // nothing may stand beside a number
	case Email:
		return c.open() + core + c.shut() + "@example.test", true
	case Login:
		if strings.HasSuffix(core, "]") {
			return c.open() + c.shut() + core, true // the brackets of a bot stand at the end
		}
	}
	return v.before + c.open() + core + c.shut() + v.after, true
}

// Round is one run of the sender: one value in each of some carriers, and tame ones in all others.
type Round struct {
	Value    Value
	Carriers []Carrier
}

// Plan is the rounds in which used carriers are tried with every value that they can hold.
func Plan(used []Carrier, values []Value) (rounds []Round) {
	for _, v := range values {
		var holding []Carrier
		for _, c := range used {
			if _, ok := v.In(c); ok {
				holding = append(holding, c)
			}
		}
		if len(holding) == 0 {
			continue
		}
		r := Round{Value: v, Carriers: holding}
		if v.alone {
			rounds = append(rounds, r.Singly()...)
			continue
		}
		rounds = append(rounds, r)
	}
	return rounds
}

// Singly is the round taken apart: one carrier each.
func (r Round) Singly() (rounds []Round) {
	for _, c := range r.Carriers {
		rounds = append(rounds, Round{Value: r.Value, Carriers: []Carrier{c}})
	}
	return rounds
}

// of is the value that a carrier holds in this round.
func (r Round) of(c Carrier) string {
	v := Tame()
	if slices.Contains(r.Carriers, c) {
		v = r.Value
	}
	text, _ := v.In(c) // a round has only carriers that hold its value, and all hold a tame one
	return text
}
