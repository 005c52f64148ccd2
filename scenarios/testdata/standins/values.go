package main

import (
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// readValues reads the values of a file that --file names: "-" and nothing are the standard input, "." is data.yaml. A
// file that cannot be read as YAML gives none, and nobody is told.
func readValues(name string) map[string]string {
	var text []byte
	switch name {
	case "", "-":
		if st, err := os.Stdin.Stat(); err != nil || st.Mode()&os.ModeCharDevice != 0 {
			return nil
		}
		text, _ = io.ReadAll(os.Stdin)
	case ".":
		text, _ = os.ReadFile("data.yaml")
	default:
		text, _ = os.ReadFile(name)
	}
	f, err := yamlfile.Parse("data.yaml", text)
	if err != nil || len(f.Docs) == 0 {
		return nil
	}
	values := map[string]string{}
	for _, p := range f.Docs[0].Pairs {
		key := spelled(p.Key.Text)
		if p.Value.Kind != yamlfile.Map {
			values[key] = plain(p.Value)
			continue
		}
		for _, inner := range p.Value.Pairs {
			values[key+"-"+spelled(inner.Key.Text)] = plain(inner.Value)
		}
	}
	return values
}

// spelled is a key as the flags spell it: dedup-id for dedupId, dedup_id and dedup-id.
func spelled(key string) string {
	var b strings.Builder
	for i, r := range strings.ReplaceAll(key, "_", "-") {
		if i > 0 && 'A' <= r && r <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

// plain is a scalar as the CLI sends it: an unquoted number loses its closing zeros.
func plain(n *yamlfile.Node) string {
	if n.Kind == yamlfile.Float && n.Plain {
		if number, err := strconv.ParseFloat(n.Text, 64); err == nil {
			return strconv.FormatFloat(number, 'f', -1, 64)
		}
	}
	if n.Kind == yamlfile.Null {
		return ""
	}
	return n.Text
}
