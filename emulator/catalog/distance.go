package catalog

import "math/bits"

// distance counts the letters to insert, delete, replace or swap with their neighbour to make b of a; false when that
// are more than limit. Neither may be longer than [maxNearWord]. apart has a bit for each letter that only one of the
// two has.
func distance(a, b string, limit int, apart uint64) (int, bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	// Each change can add or remove two kinds of letters at most, so this rules out nearly all without a table.
	if len(a)-len(b) > limit || bits.OnesCount64(apart) > 2*limit {
		return 0, false
	}
	var table [3][maxNearWord + 1]uint8
	for j := range table[1] {
		table[1][j] = uint8(j)
	}
	for i := 1; i <= len(a); i++ {
		if nextRow(&table, a, b, i, limit) > limit {
			return 0, false
		}
	}
	d := int(table[(len(a)+1)%3][len(b)])
	return d, d <= limit
}

// far stands for a number that is beyond every limit.
const far = 100

// nextRow fills the row of the first i letters of a from the two rows before it, and returns the least number in it. Only
// the band around the diagonal is filled: outside of it more letters differ than the limit allows.
func nextRow(table *[3][maxNearWord + 1]uint8, a, b string, i, limit int) int {
	older, old, now := &table[(i-1)%3], &table[i%3], &table[(i+1)%3]
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
		}
		if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
			cost = min(cost, older[j-2]+1)
		}
		now[j] = cost
		least = min(least, cost)
	}
	if to < len(b) {
		now[to+1] = far
	}
	return int(least)
}
