package spell

import (
	"math/rand"
	"strings"
	"testing"
)

func TestDistance(t *testing.T) {
	long := strings.Repeat("x", MaxWord+1)
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"status", "status", 0}, {"stauts", "status", 1}, {"sevice", "service", 1}, {"kitten", "sitting", 3},
		{"ca", "abc", 3},                          // not two, by a swap and a letter put between what was swapped
		{"größe", "grosse", 4},                    // in bytes
		{long[1:], "y" + long[2:], 1},             // the longest that are compared
		{long, long, MaxWord + 1}, {"", long, 97}, // and the shortest that are not
	} {
		if got := Distance(c.a, c.b); got != c.want || Distance(c.b, c.a) != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// plainDistance is the textbook's full table.
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
		if got, ok := Within(a, b, limit); ok != (want <= limit) || ok && got != want {
			t.Fatalf("%q, %q, limit %d: %d %v, want %d", a, b, limit, got, ok, want)
		}
		if got := Distance(a, b); got != want {
			t.Fatalf("%q, %q: %d, want %d", a, b, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct {
		word string
		of   []string
		want string
	}{
		{"enviroment", []string{"service", "environment"}, "environment"},
		{"SERVICE", []string{"services", "service"}, "service"},
		{"stauts", []string{"states", "Status"}, "Status"}, // a swap is one slip
		{"cat", []string{"cut", "cart"}, "cut"},            // of equals the first
		{"id", []string{"ip"}, "ip"}, {"id", []string{"no"}, ""},
		{"abcdef", []string{"abcdxy"}, "abcdxy"}, {"abcdef", []string{"abcxyz"}, ""}, // a third, and more
		{"", []string{"a"}, "a"}, {"x", nil, ""},
		{strings.Repeat("x", MaxWord+1), []string{strings.Repeat("x", MaxWord+1)}, ""},
	} {
		if got := Nearest(c.word, c.of); got != c.want {
			t.Errorf("Nearest(%q, %q) = %q, want %q", c.word, c.of, got, c.want)
		}
	}
}

func TestLetters(t *testing.T) {
	for _, name := range []string{"displayName", "display_name", "Display-Name", "display name"} {
		if got := Letters(name); got != "displayname" {
			t.Errorf("%q: %q", name, got)
		}
	}
}

func TestDistanceAllocatesNothing(t *testing.T) {
	a, b := strings.Repeat("ab", MaxWord/2), strings.Repeat("ba", MaxWord/2)
	if n := testing.AllocsPerRun(100, func() { Distance(a, b) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkDistance(b *testing.B) {
	for _, p := range [][2]string{{"deployment_numbr", "deploy_number"}, {"environmnet", "environment"}, {"team_5_servize_77777", "team_5_service_77771"}} {
		b.Run(p[0], func(b *testing.B) {
			for b.Loop() {
				Distance(p[0], p[1])
			}
		})
		b.Run(p[0]+", at most 2", func(b *testing.B) {
			for b.Loop() {
				Within(p[0], p[1], 2)
			}
		})
	}
}
