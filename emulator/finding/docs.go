package finding

import "slices"

// Doc describes every finding of one id, for the reader of `help findings`.
type Doc struct {
	ID string
	// Severity is the worst that a finding of this id can have.
	Severity Severity
	Title    string
	// What says when it is raised and what it means; Cure what to do; Example what raises it.
	What, Cure, Example string
}

// All lists every finding there is, the gravest first and then by id.
func All() []Doc {
	all := slices.Concat(silentDocs(), wireDocs(), upstreamDocs(), deployDocs(), valueDocs())
	slices.SortFunc(all, func(a, b Doc) int {
		if r := a.Severity.rank() - b.Severity.rank(); r != 0 {
			return r
		}
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return all
}

// Lookup finds the description of an id.
func Lookup(id string) (Doc, bool) {
	for _, d := range All() {
		if d.ID == id {
			return d, true
		}
	}
	return Doc{}, false
}

// rank orders severities, the worst first.
func (s Severity) rank() int {
	switch s {
	case Silent:
		return 0
	case Warning:
		return 1
	}
	return 2
}

// Worst is the gravest severity among findings; empty for none.
func Worst(f []Finding) Severity {
	var worst Severity
	for i := range f {
		if worst == "" || f[i].Severity.rank() < worst.rank() {
			worst = f[i].Severity
		}
	}
	return worst
}
