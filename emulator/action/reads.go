package action

import (
	"regexp"
	"strings"
)

// read says that a template names a path of the context.
type read struct {
	path       string // with loop variables and assigned names resolved: "service.tags[*].gid"
	offset     int    // of the path, in bytes of the template
	expression string // as written
}

var (
	quotedText = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	pathText   = regexp.MustCompile(`[A-Za-z_][\w-]*\??(?:\.[A-Za-z_][\w-]*\??|\[[^\]]*\])*`)
	forTag     = regexp.MustCompile(`^\s*(?:for|tablerow)\s+([\w-]+)\s+in\s+(` + pathText.String() + `)`)
	assignTag  = regexp.MustCompile(`^\s*assign\s+([\w-]+)\s*=\s*(` + pathText.String() + `)\s*(?:\|\s*(\w+))?`)
	mapFilter  = regexp.MustCompile(`(` + pathText.String() + `)\s*\|\s*(?:map|where|sum|find|has|reject)\s*:\s*["']([\w-]+)["']`)
	rawBlock   = regexp.MustCompile(`(?s)\{%-?\s*(raw|comment|doc)\b.*?\{%-?\s*end(raw|comment|doc)\s*-?%\}`)
)

// readsOf finds the paths that a template names, whether or not they are ever reached: what a template would read on
// another day matters as much. It follows the variables of loops and plain assignments.
func readsOf(template string) []read {
	// Blocks that are not rendered are blanked out, so that places stay what they are.
	template = rawBlock.ReplaceAllStringFunc(template, blank)
	names := map[string]string{}
	var out []read
	for at := 0; ; {
		start, length := nextTag(template[at:])
		if start < 0 {
			return out
		}
		start += at
		at = start + length
		inside := template[start:at]
		offset := start
		for _, statement := range strings.SplitAfter(inside, "\n") {
			out = append(out, statementReads(statement, offset, names)...)
			offset += len(statement)
		}
	}
}

// maxFollowed is the longest path that a name can stand for: far longer than any in a context, and far shorter than what
// two names that are assigned to each other again and again would grow to.
const maxFollowed = 256

// follow notes what a name stands for; nothing for a path that is too long.
func follow(names map[string]string, name, path string) {
	if delete(names, name); len(path) <= maxFollowed {
		names[name] = path
	}
}

// nextTag is the inside of the next {{ }} or {% %}; -1 for none.
func nextTag(s string) (start, length int) {
	for i := 0; i+1 < len(s); i++ {
		if s[i] != '{' || s[i+1] != '{' && s[i+1] != '%' {
			continue
		}
		end := strings.Index(s[i+2:], map[byte]string{'{': "}}", '%': "%}"}[s[i+1]])
		if end < 0 {
			return -1, 0
		}
		return i + 2, end
	}
	return -1, 0
}

func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return ' '
	}, s)
}

// statementReads are the paths of one tag, or of one line of a longer one.
func statementReads(statement string, offset int, names map[string]string) []read {
	var out []read
	add := func(written, path string, at int) {
		out = append(out, read{path: path, offset: offset + at, expression: written})
	}
	for _, m := range mapFilter.FindAllStringSubmatchIndex(statement, -1) {
		written := statement[m[2]:m[3]]
		add(statement[m[0]:m[1]], resolve(written, names)+"[*]."+statement[m[4]:m[5]], m[2])
	}
	// A quoted name in brackets belongs to the path; any other quoted text is no path.
	bare := quotedText.ReplaceAllStringFunc(statement, func(s string) string { return strings.Repeat("\x00", len(s)) })
	for _, m := range pathText.FindAllStringIndex(bare, -1) {
		written := statement[m[0]:m[1]]
		add(written, resolve(written, names), m[0])
	}
	if m := forTag.FindStringSubmatch(strings.TrimLeft(statement, "-")); m != nil {
		follow(names, m[1], resolve(m[2], names)+"[*]")
	}
	if m := assignTag.FindStringSubmatch(strings.TrimLeft(statement, "-")); m != nil {
		stands := resolve(m[2], names)
		delete(names, m[1])
		switch m[3] {
		case "", "where", "sort", "sort_natural", "reverse", "uniq", "compact", "default":
			follow(names, m[1], stands)
		case "first", "last", "find":
			follow(names, m[1], stands+"[*]")
		}
	}
	return out
}

// resolve puts what a name stands for in its place.
func resolve(written string, names map[string]string) string {
	end := strings.IndexAny(written, ".[")
	if end < 0 {
		end = len(written)
	}
	if stands, ok := names[written[:end]]; ok {
		return stands + written[end:]
	}
	return written
}
