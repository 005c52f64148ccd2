package catalog

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/spell"
)

// What a search for look-alikes may cost, whatever a sender sends and however large the catalog is.
const (
	maxNearAlias = 1 << 10 // a longer alias has no look-alikes
	maxNearScan  = 20_000  // aliases that are looked at: of those with the same word, and of all, letter by letter
)

// Nearest names up to n aliases that look like one nobody has, the nearest first and one for each service. In this
// order: the same but for white space or quotes at its ends, for letter case, for dashes and underscores, for a prefix
// such as the owner in "owner/repo", then by the number of letters that differ, then those of which one begins the
// other; of equals the shorter first. The cost is bounded: see the limits beside it.
func (k *Catalog) Nearest(alias string, n int) []string {
	if n <= 0 || len(alias) > maxNearAlias {
		return nil
	}
	want := shapeOf(alias)
	if want.word == "" {
		return nil
	}
	best := map[string]candidate{} // by slug
	consider := func(e nearEntry, rank int) {
		c := candidate{rank, e.alias}
		if old, ok := best[e.slug]; !ok || c.compare(old) < 0 {
			best[e.slug] = c
		}
	}
	same := k.near.byWord[want.word]
	for _, a := range same[:min(len(same), maxNearScan)] {
		e := k.near.list[k.near.at[a]]
		consider(e, sameness(want, e.shape))
	}
	if len(best) < n {
		for i := range k.near.list[:min(len(k.near.list), maxNearScan)] {
			if rank, ok := likeness(&want, &k.near.list[i].shape); ok {
				consider(k.near.list[i], rank)
			}
		}
	}
	return first(best, n)
}

// candidate is an alias with its rank; lower is nearer.
type candidate struct {
	rank  int
	alias string
}

func (c candidate) compare(o candidate) int {
	return cmp.Or(cmp.Compare(c.rank, o.rank), cmp.Compare(len(c.alias), len(o.alias)), cmp.Compare(c.alias, o.alias))
}

func first(best map[string]candidate, n int) []string {
	all := make([]candidate, 0, len(best))
	for _, c := range best {
		all = append(all, c)
	}
	slices.SortFunc(all, candidate.compare)
	var out []string
	for _, c := range all[:min(n, len(all))] {
		out = append(out, c.alias)
	}
	return out
}

// shape is an alias with what people get wrong taken away, step by step.
type shape struct {
	bare   string // without white space and quotes at the ends
	folded string // and in lower case
	joined string // and with one underscore for each run of separators
	word   string // and only its last part: "acme/cart" -> "cart"
	mask   uint64 // the letters of word, to rule most others out in one step
}

func shapeOf(alias string) shape {
	s := shape{bare: strings.Trim(alias, " \t\r\n\"'`")}
	s.folded = strings.ToLower(s.bare)
	s.joined = underscored(s.folded)
	last := strings.TrimSuffix(strings.Trim(s.folded, "/:"), ".git")
	if i := strings.LastIndexAny(last, "/:"); i >= 0 {
		last = last[i+1:]
	}
	s.word = underscored(last)
	for i := 0; i < len(s.word); i++ {
		s.mask |= 1 << (s.word[i] & 63)
	}
	return s
}

func underscored(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-_. \t\r\n", r) }), "_")
}

// sameness ranks two aliases whose words are equal, 0 to 3.
func sameness(a, b shape) int {
	switch {
	case a.bare == b.bare:
		return 0
	case a.folded == b.folded:
		return 1
	case a.joined == b.joined:
		return 2
	}
	return 3
}

// likeness ranks two aliases whose words differ, from 4 on; false where they are not alike.
func likeness(a, b *shape) (int, bool) {
	if len(a.word) > spell.MaxWord || len(b.word) > spell.MaxWord {
		return 0, false
	}
	limit := tolerance(min(len(a.word), len(b.word)))
	// Each slip adds or takes away two kinds of letters at most.
	if bits.OnesCount64(a.mask^b.mask) <= 2*limit {
		if d, ok := spell.Within(a.word, b.word, limit); ok {
			return 4 + d, true
		}
	}
	short, long := a.word, b.word
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) >= 3 && strings.HasPrefix(long, short+"_") {
		return 16 + len(long) - len(short), true
	}
	return 0, false
}

// tolerance is how many letters may differ in a word of n: a third of a short name is another name.
func tolerance(n int) int { return min(3, n/3) }

// nearIndex keeps the shapes of all aliases.
type nearIndex struct {
	list   []nearEntry
	at     map[string]int      // alias -> place in list
	byWord map[string][]string // shape.word -> aliases
}

type nearEntry struct {
	alias, slug string
	shape       shape
	place       int // of the alias in the list of those with its word
}

func newNearIndex() nearIndex {
	return nearIndex{at: map[string]int{}, byWord: map[string][]string{}}
}

func (x *nearIndex) add(alias, slug string) {
	e := nearEntry{alias: alias, slug: slug, shape: shapeOf(alias)}
	same := x.byWord[e.shape.word]
	e.place = len(same)
	x.at[alias] = len(x.list)
	x.list = append(x.list, e)
	x.byWord[e.shape.word] = append(same, alias)
}

func (x *nearIndex) remove(alias string) {
	i, ok := x.at[alias]
	if !ok {
		return
	}
	x.leave(&x.list[i])
	last := len(x.list) - 1
	x.list[i] = x.list[last]
	x.at[x.list[i].alias] = i
	x.list = x.list[:last]
	delete(x.at, alias)
}

// leave takes an alias off the list of those with its word; the last one takes its place.
func (x *nearIndex) leave(e *nearEntry) {
	same := x.byWord[e.shape.word]
	last := len(same) - 1
	same[e.place] = same[last]
	x.list[x.at[same[last]]].place = e.place
	if last == 0 {
		delete(x.byWord, e.shape.word)
		return
	}
	x.byWord[e.shape.word] = same[:last]
}
