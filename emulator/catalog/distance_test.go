package catalog

import (
	"math/rand"
	"testing"
)

// plainDistance is the textbook's full table (optimal string alignment).
func plainDistance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestDistanceIsThatOfTheFullTable(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	word := func() string {
		b := make([]byte, r.Intn(12))
		for i := range b {
			b[i] = "abc"[r.Intn(3)]
		}
		return string(b)
	}
	for range 50_000 {
		a, b, limit := word(), word(), r.Intn(4)
		want := plainDistance(a, b)
		got, ok := distance(a, b, limit, 0)
		if ok != (want <= limit) || ok && got != want {
			t.Fatalf("%q, %q, limit %d: %d %v, want %d", a, b, limit, got, ok, want)
		}
	}
}
