package action

import "strings"

// nearest is the candidate that looks most like what was written, empty where none looks like it. Letter case, dashes
// and underscores count for little.
func nearest(written string, candidates []string) string {
	best, least := "", 0
	for _, c := range candidates {
		a, b := plainName(written), plainName(c)
		if d := edits(a, b); d <= max(len(a), len(b))/2 && (best == "" || d < least) {
			best, least = c, d
		}
	}
	return best
}

func plainName(s string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s))
}

// edits is the Levenshtein distance in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
