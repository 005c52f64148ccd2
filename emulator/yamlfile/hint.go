package yamlfile

import (
	"fmt"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/spell"
)

// DidYouMean is `did you mean "name"?` for the known word that looks most like one that is not known; empty where none
// does. The same letters in another case or with other separators count as equal.
func DidYouMean(word string, known []string) string {
	best, least, most := "", 3, 0
	a := spell.Letters(word)
	if len(a) > 64 {
		return ""
	}
	for _, k := range known {
		b := spell.Letters(k)
		d, ok := spell.Within(a, b, min(least, max(1, min(len(a), len(b))/3)))
		if !ok {
			continue
		}
		same := atTheEnds(a, b)
		if d == least && (best == "" || same < most || same == most && k > best) {
			continue
		}
		best, least, most = k, d, same
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// atTheEnds counts the letters that two words have in common at their beginnings and at their ends: of two words that are
// as near, listn is rather listen than list.
func atTheEnds(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	end := 0
	for n+end < min(len(a), len(b)) && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return n + end
}

// shortList lists words for a hint; a long list is cut.
func shortList(words []string) string {
	const most = 30
	if len(words) > most {
		return strings.Join(words[:most], ", ") + ", ..."
	}
	return strings.Join(words, ", ")
}
