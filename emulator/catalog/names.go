package catalog

import (
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
)

// Slug is the alias OpsLevel makes from a name: lower case, with one underscore for every run of anything else than
// letters and digits; Latin letters lose their accents ("Café  Orders!" -> "cafe_orders"). It is empty for a name
// without any such letter.
func Slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(name) {
		s := plain(r)
		if s == "" {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('_')
		}
		gap = false
		b.WriteString(s)
	}
	return b.String()
}

// accents pairs each plain spelling with the lower-case letters that Rails' transliteration turns into it.
const accents = "aàáâãäåāăą|aeæ|cçćĉċč|dðďđ|eèéêëēĕėęě|gĝğġģ|hĥħ|iìíîïĩīĭįı|jĵ|kķ|lĺļľŀł|nñńņňŋ|oòóôõöøōŏő|oeœ|rŕŗř|sśŝşš|ssß|tţťŧ|thþ|uùúûüũūŭůűų|wŵ|yýÿŷ|zźżž"

// plain spells one lower-case letter or digit in ASCII; empty for all else.
func plain(r rune) string {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return string(r)
	case r < 0xC0 || r > 0x17F:
		return ""
	}
	for group := range strings.SplitSeq(accents, "|") {
		if i := strings.IndexRune(group, r); i >= 0 {
			ascii := strings.IndexFunc(group, func(r rune) bool { return r >= 0x80 })
			return group[:ascii]
		}
	}
	return ""
}

// ID is a global id as OpsLevel writes them: unpadded base64 of "gid://opslevel/<class>/<number>".
func ID(class string, number uint64) string {
	return base64.RawStdEncoding.EncodeToString([]byte("gid://opslevel/" + class + "/" + strconv.FormatUint(number, 10)))
}

// idFor derives the id of something that came without one. It depends on the key alone, so that reordering a fixture,
// or loading it again, leaves every id as it was.
func idFor(class, key string) string {
	h := fnv.New32a()
	fmt.Fprintf(h, "%s/%s", class, key)
	return ID(class, 100_000+uint64(h.Sum32()))
}

// fold is the form under which e-mail addresses and uuids are compared.
func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
