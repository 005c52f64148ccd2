// Package probe says what to try a sender of deploys with, and what became of it.
//
// It is pure: the command that runs senders is elsewhere. It knows the values that break them ([Values]) and where a
// sender meets such values ([Carriers]: the variables of CI systems, GitHub's event file, the commit of a git
// repository), it makes the surroundings of one run ([Scene]), and compares what arrived with what was put in
// ([Baseline.Compare], [JudgeStep], [JudgeFault]).
//
// A value is only put where the system itself could hold it: a commit message may hold anything, the name of a branch
// no space, a login no quote. A defect that nobody can meet is no defect.
package probe

import "strconv"

// Kind says what a carrier can hold.
type Kind string

// The kinds of carrier.
const (
	// Text may hold anything: a commit message, the notes of a release.
	Text Kind = "text"
	// Line is a text without line breaks: the name of a workflow, the first line of a message.
	Line Kind = "line"
	// Person is a name as git keeps it, which has neither line breaks nor angle brackets.
	Person Kind = "person"
	// Email is an address; its first part may hold more than most believe.
	Email Kind = "email"
	// Branch is the name of a branch, after git's rules for refs.
	Branch Kind = "branch"
	// Login is the name of an account: letters, digits, dashes, and the brackets of a bot.
	Login Kind = "login"
	// Version is the number of a release, which looks like a decimal number and is none.
	Version Kind = "version"
)

// Carrier is one place where a sender meets a value that people write.
type Carrier struct {
	// System is the CI system, "git", or "own" for a variable that the user named.
	System string `json:"system"`
	// Name is the variable, or the place in words.
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	// number is its place among all carriers, which makes its values recognisable.
	number int
}

// open and shut stand at the two ends of every value of a carrier: words that no shell, YAML or JSON changes, and that
// tell from which carrier a text came, wherever it landed.
func (c Carrier) open() string { return "probe" + strconv.Itoa(100+c.number) + "a" }
func (c Carrier) shut() string { return "probe" + strconv.Itoa(100+c.number) + "z" }

// Grade says how bad something is.
type Grade string

// The grades. Only Bad makes a probe red: a deploy is lost, doubled, or says something else. Warning is for a person to
// decide, Note is harmless.
const (
	Good    Grade = "good"
	Note    Grade = "note"
	Warning Grade = "warning"
	Bad     Grade = "bad"
)
