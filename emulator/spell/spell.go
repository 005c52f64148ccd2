// Package spell says which word was probably meant: how far two words are apart, and which of many is the nearest.
//
// One measure serves every "did you mean" of this module, so that the same slip counts the same everywhere: the fewest
// letters to add, drop, change or swap with their neighbour that make one word of the other, no part of it edited twice
// (optimal string alignment). A letter is a byte here: one written as two bytes counts as two, which is near enough for
// names. How far is too far is for the caller to say, for it differs: a field of a few letters, an alias among
// thousands, a word from a form.
//
// Nothing here fails. Every call is bounded by [MaxWord], and none but those that fold letters allocates: senders'
// words come this way while a request waits.
package spell

import "strings"

// MaxWord is the longest word, in bytes, that is compared letter by letter.
const MaxWord = 96

// Distance counts the letters to add, drop, change or swap to make b of a, from 0 to the length of the longer one. Where
// that is longer than [MaxWord] the words are not compared and as far apart as can be, were they equal.
func Distance(a, b string) int {
	longest := max(len(a), len(b))
	if d, ok := Within(a, b, longest); ok {
		return d
	}
	return longest
}

// Within is [Distance] for a caller who asks for near words alone, and rules out most others in a few steps: false where
// more than limit letters differ, or where a word is longer than [MaxWord].
func Within(a, b string, limit int) (int, bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a) > MaxWord || len(a)-len(b) > limit {
		return 0, false
	}
	var table [3][MaxWord + 1]uint8
	for j := range len(b) + 1 {
		table[1][j] = uint8(j)
	}
	older, old, now := &table[0], &table[1], &table[2]
	for i := 1; i <= len(a); i++ {
		if nextRow(older, old, now, a, b, i, limit) > limit {
			return 0, false
		}
		older, old, now = old, now, older
	}
	d := int(old[len(b)])
	return d, d <= limit
}

// far stands for a number that is beyond every limit.
const far = MaxWord + 1

// nextRow fills the row of the first i letters of a from the two rows before it, and returns the least number in it. Only
// the band around the diagonal is filled: outside of it more letters differ than the limit allows.
func nextRow(older, old, now *[MaxWord + 1]uint8, a, b string, i, limit int) int {
	from, to := max(1, i-limit), min(len(b), i+limit)
	now[from-1] = far
	if from == 1 {
		now[0] = uint8(i)
	}
	least := now[from-1]
	for j := from; j <= to; j++ {
		cost := old[j-1]
		if a[i-1] != b[j-1] {
			cost = min(cost, old[j], now[j-1]) + 1
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cost = min(cost, older[j-2]+1)
			}
		}
		now[j] = cost
		least = min(least, cost)
	}
	if to < len(b) {
		now[to+1] = far
	}
	return int(least)
}

// Nearest is the candidate that word was probably meant to be, as the list spells it: letter case aside, the one that
// differs in the fewest letters, the first of those as near. At most a third of the word's letters may differ, of a
// shorter word one; empty where none is that near.
func Nearest(word string, candidates []string) (best string) {
	word = strings.ToLower(word)
	limit := max(1, len(word)/3)
	for _, c := range candidates {
		if d, ok := Within(word, strings.ToLower(c), limit); ok {
			best, limit = c, d-1
		}
		if limit < 0 {
			break
		}
	}
	return best
}

// Letters is a name without what spellings of it differ in: in lower case, and without the dashes, underscores and
// blanks between its words. displayName and display_name are the same letters.
func Letters(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}
