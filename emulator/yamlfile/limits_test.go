package yamlfile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// bomb is the "billion laughs": each line ten times the one before.
func bomb(open string, each func(j, of int) string, end string) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "a%d: &a%d %s", i, i, open)
		for j := range 10 {
			b.WriteString(each(j, i-1))
		}
		b.WriteString(end + "\n")
	}
	return b.String()
}

func hostile() map[string]string {
	const n = 300_000
	var keys, merges, paths strings.Builder
	for i := range 90 {
		fmt.Fprintf(&paths, "%s%s:\n", strings.Repeat(" ", i), strings.Repeat("k", 2000))
	}
	for i := range 4000 {
		fmt.Fprintf(&paths, "%sk%d: v\n", strings.Repeat(" ", 90), i)
	}
	base := "base: &b {"
	for i := range 4000 {
		base += fmt.Sprintf("k%d: 1, ", i)
	}
	base += "}\n"
	for i := range n / 6 {
		fmt.Fprintf(&keys, "k%d: v\n", i)
	}
	for range 2000 {
		merges.WriteString("{<<: *b}, ")
	}
	return map[string]string{
		"paths":         paths.String(),
		"flow paths":    strings.Repeat("{"+strings.Repeat("k", 30_000)+": ", 90) + strings.Repeat("[a], ", 5000) + strings.Repeat("}", 90),
		"bytes":         "a: " + strings.Repeat("x", yamlfile.MaxBytes),
		"brackets":      strings.Repeat("[", n),
		"braces":        strings.Repeat("{a: ", n),
		"dashes":        strings.Repeat("- ", n) + "a",
		"questions":     strings.Repeat("? ", n) + "a",
		"anchors":       "a: " + strings.Repeat("&a ", n) + "a",
		"tags":          "a: " + strings.Repeat("!!str ", n) + "a",
		"tags on lines": "a:\n" + strings.Repeat(" !!str\n", n) + " a",
		"keys":          keys.String(),
		"documents":     strings.Repeat("---\na: b\n", n/10),
		"commas":        "a: [" + strings.Repeat("x,", n) + "]",
		"bomb":          bomb("[", func(_, of int) string { return fmt.Sprintf("*a%d, ", of) }, "]"),
		"map bomb":      bomb("{", func(j, of int) string { return fmt.Sprintf("k%d: *a%d, ", j, of) }, "}"),
		"merges":        base + "all: [" + merges.String() + "]",
		"merge lists":   base + "all: {<<: [" + strings.Repeat("*b, ", n/6) + "]}",
	}
}

// limit is the one that each hostile file meets, so that none is missed because another is met instead.
func limit() map[string]string {
	const (
		deep, words, values = "100 lists and maps inside each other", "500000 words and marks", "with its aliases written out this has more than 500000 values"
		paths, marks        = "67108864 letters in keys of keys", "8 tags and anchors in a row"
	)
	return map[string]string{
		"paths": paths, "flow paths": paths, "bytes": "the file is larger than 4 MiB", "brackets": deep, "dashes": deep, "questions": deep,
		"braces": words, "commas": words, "anchors": words, "tags": marks, "tags on lines": marks, "keys": "5000 keys in one map",
		"documents": "1000 documents", "bomb": values, "map bomb": values, "merge lists": values,
		"merges": "the merge keys << bring more than 500000 values",
	}
}

// Without the limits most of these never end, or kill the process.
func TestHostileFilesAreRefusedSoon(t *testing.T) {
	limits := limit()
	for name, src := range hostile() {
		start := time.Now()
		_, err := yamlfile.Parse("f", []byte(src))
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if !strings.Contains(err.Error(), limits[name]) || limits[name] == "" {
			t.Errorf("%s: %s; want %q", name, err, limits[name])
		}
		t.Logf("%-14s %7d bytes %v", name, len(src), time.Since(start).Round(time.Millisecond))
	}
}

func TestLargeHonestFilesAreRead(t *testing.T) {
	var b strings.Builder
	b.WriteString("services:\n")
	for i := range 4000 {
		fmt.Fprintf(&b, "  - name: Service %d\n    slug: service_%d\n    owner: team\n    aliases:\n      - acme/service-%d\n      - other-%d\n    tags:\n      - key: a\n        value: b\n", i, i, i, i)
	}
	start := time.Now()
	f, err := yamlfile.Parse("f", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.Docs[0].Get("services").Items); n != 4000 {
		t.Errorf("%d services", n)
	}
	t.Logf("%d bytes in %v", b.Len(), time.Since(start))
}
