package tui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write the frames in testdata anew")

// TestFrames compares every screen at every size with its frame: plain text, so that a change is read in the diff.
func TestFrames(t *testing.T) {
	sizes := [][2]int{{120, 36}, {80, 24}, {60, 14}, {40, 10}, {39, 9}}
	for _, c := range frameCases() {
		for _, size := range sizes {
			if size[0] < 80 && c.big {
				continue
			}
			name := fmt.Sprintf("%s-%dx%d", c.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				d := newDesk(t, c.src(), size[0], size[1])
				d.press(c.keys...)
				checkLines(t, d.u)
				golden(t, name, d.screen())
			})
		}
	}
}

type frameCase struct {
	name string
	src  func() *fake
	keys []string
	big  bool
}

func frameCases() []frameCase {
	return []frameCase{
		{"empty", newFake, nil, false},
		{"deploys", busy, nil, false},
		{"unknown-alias", busy, []string{"/", "type:legacy", "enter"}, false},
		{"rejected", busy, []string{"/", "type:result:rejected", "enter", "g"}, false},
		{"paused", busy, []string{"k", "k", "m", "s"}, true},
		{"duplicates", busy, []string{"2", "g"}, false},
		{"suggestions", busy, []string{"3"}, false},
		{"services", busy, []string{"4"}, false},
		{"firings", busy, []string{"5"}, false},
		{"firing-templates", busy, []string{"5", "t"}, true},
		{"playground", busy, []string{"5", "p"}, false},
		{"playground-typing", busy, []string{"6", "enter", "end", "enter", "type:{{ service.ow"}, true},
		{"playground-trouble", busy, []string{"6", "enter", "end", "enter", "type:{{ service.nmae }}", "esc"}, true},
		{"playground-context", busy, []string{"6", "tab", "j", "j"}, true},
		{"help", busy, []string{"?"}, false},
		{"palette", busy, []string{":", "type:fau"}, true},
		{"copy", busy, []string{"y"}, true},
		{"faults", busy, []string{"x"}, true},
		{"filter-completes", busy, []string{"/", "type:service:sh"}, true},
		{"filter-wrong", busy, []string{"/", "type:servce:cart"}, true},
		{"fire", busy, []string{"5", "f"}, true},
		{"bind", busy, []string{"3", "j", "B"}, true},
		{"filter-services", busy, []string{"4", "/", "type:order_management"}, true},
		{"filter-strange", busy, []string{"3", "/", "type:sha:38d0", "enter"}, true},
		{"faulted", busy, []string{"x", "1", "enter", "x", "2", "enter", "s", "k", "G"}, true},
		{"pane", busy, []string{"tab"}, true},
		{"quit", busy, []string{"q"}, true},
		{"zoomed", busy, []string{"enter"}, true},
	}
}

// checkLines is what holds for every screen: as many lines as it is high, none wider than it is.
func checkLines(t testing.TB, u *ui) {
	t.Helper()
	lines := u.lines()
	if len(lines) != u.height {
		t.Fatalf("%d lines on a screen of %d", len(lines), u.height)
	}
	for i, l := range lines {
		s := bareText(l)
		if !utf8.ValidString(s) {
			t.Fatalf("line %d is not UTF-8: %q", i, l)
		}
		if w := width(s); w > u.width {
			t.Fatalf("line %d is %d cells wide on a screen of %d: %q", i, w, u.width, l)
		}
		marks := 0
		for _, r := range s {
			if marks++; !isMark(r) {
				marks = 0
			}
			if marks > maxMarks { // a pile of them would reach over the lines around
				t.Fatalf("line %d piles marks onto a character: %q", i, l)
			}
			if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
				t.Fatalf("line %d holds %U: %q", i, r, l)
			}
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "frames", name+".txt")
	got = strings.TrimRight(got, "\n") + "\n"
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the screen is not that of %s (go test ./tui -run TestFrames -update writes it anew):\n%s", path, got)
	}
}
