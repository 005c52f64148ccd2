package scenarios

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// jsonOf is a node as JSON text: keys in their order, numbers as they were written where JSON has such numbers.
func jsonOf(n *yamlfile.Node) []byte {
	var b bytes.Buffer
	writeJSON(&b, n)
	return b.Bytes()
}

func writeJSON(b *bytes.Buffer, n *yamlfile.Node) {
	switch n.Kind {
	case yamlfile.Map:
		b.WriteByte('{')
		for i, p := range n.Pairs {
			if i > 0 {
				b.WriteByte(',')
			}
			writeText(b, p.Key.Text)
			b.WriteByte(':')
			writeJSON(b, p.Value)
		}
		b.WriteByte('}')
	case yamlfile.List:
		b.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, item)
		}
		b.WriteByte(']')
	default:
		writeScalar(b, n)
	}
}

func writeScalar(b *bytes.Buffer, n *yamlfile.Node) {
	switch n.Kind {
	case yamlfile.Null:
		b.WriteString("null")
		return
	case yamlfile.Bool:
		if v, err := strconv.ParseBool(n.Text); err == nil {
			b.WriteString(strconv.FormatBool(v))
			return
		}
	case yamlfile.Int, yamlfile.Float:
		if json.Valid([]byte(n.Text)) {
			b.WriteString(n.Text)
			return
		}
		if v, err := strconv.ParseInt(n.Text, 0, 64); err == nil { // 0x1f, +5
			b.WriteString(strconv.FormatInt(v, 10))
			return
		}
		if v, err := strconv.ParseFloat(n.Text, 64); err == nil && v-v == 0 {
			b.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
			return
		}
	}
	writeText(b, n.Text)
}

// writeText writes a JSON string without escaping <, > and &, as a person would write it.
func writeText(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // a string always encodes
		panic(err)
	}
	b.Truncate(b.Len() - 1)
}

// treeOf is a node as decoded JSON: nil, bool, json.Number, string, []any, map[string]any.
func treeOf(n *yamlfile.Node) any { return decodeJSON(jsonOf(n)) }

// decodeJSON reads JSON with its numbers as they are written; a text that is none is itself.
func decodeJSON(b []byte) any {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.More() {
		return string(b)
	}
	return v
}

// nodeAt is a decoded JSON value as a node at a place.
func nodeAt(v any, at yamlfile.Pos) *yamlfile.Node {
	n := &yamlfile.Node{Pos: at}
	switch v := v.(type) {
	case nil:
		n.Kind = yamlfile.Null
	case bool:
		n.Kind, n.Text, n.Plain = yamlfile.Bool, strconv.FormatBool(v), true
	case json.Number:
		n.Kind, n.Text, n.Plain = yamlfile.Float, v.String(), true
		if _, err := v.Int64(); err == nil {
			n.Kind = yamlfile.Int
		}
	case string:
		n.Kind, n.Text = yamlfile.String, v
	case []any:
		n.Kind = yamlfile.List
		for _, item := range v {
			n.Items = append(n.Items, nodeAt(item, at))
		}
	case map[string]any:
		n.Kind = yamlfile.Map
		for _, key := range sortedKeys(v) {
			n.Pairs = append(n.Pairs, yamlfile.Pair{Key: &yamlfile.Node{Kind: yamlfile.String, Pos: at, Text: key}, Value: nodeAt(v[key], at)})
		}
	}
	return n
}
