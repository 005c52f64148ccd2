package yamlfile

import (
	"fmt"
	"strings"
)

// DidYouMean is `did you mean "name"?` for the known word that looks most like one that is not known; empty where none
// does. The same letters in another case or with other separators count as equal.
func DidYouMean(word string, known []string) string {
	best, least, most := "", 3, 0
	a := letters(word)
	if len(a) > 64 {
		return ""
	}
	for _, k := range known {
		b := letters(k)
		d, same := apart(a, b), atTheEnds(a, b)
		if d > max(1, min(len(a), len(b))/3) || d > least {
			continue
		}
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

// letters is a word in lower case without separators: displayName is display_name.
func letters(s string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(s))
}

// apart counts the letters to insert, delete, replace or swap.
func apart(a, b string) int {
	old, now, older := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range old {
		old[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(old[j]+1, now[j-1]+1, old[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], older[j-2]+1)
			}
		}
		older, old, now = old, now, older
	}
	return old[len(b)]
}

// shortList lists words for a hint; a long list is cut.
func shortList(words []string) string {
	const most = 30
	if len(words) > most {
		return strings.Join(words[:most], ", ") + ", ..."
	}
	return strings.Join(words, ", ")
}
