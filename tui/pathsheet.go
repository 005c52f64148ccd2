package tui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// pathSheet asks for a name or a path, and offers how what was typed can go on. Folders are read outside of the update
// loop: they may lie on a disk that takes its time.
type pathSheet struct {
	name, intro string
	edit        editor
	// offers are the ways to go on; run takes what was chosen, and keeps the sheet open where it is refused.
	offers func(typed string) []offer
	run    func(u *ui, path string) command

	found []offer
	// at is the offer under the cursor, -1 for what was typed itself.
	at  int
	err string
	// busy says that what was chosen is on its way, so that a second enter does not ask for it twice.
	busy bool
}

// offer is one way to go on.
type offer struct {
	text, note string
	folder     bool
}

// The limits of what is offered: entries of a folder that are read, and lines that are shown.
const (
	maxEntries = 2000
	maxOffers  = 200
)

func (s *pathSheet) title() string { return s.name }
func (s *pathSheet) hint() string {
	return "tab completes, up down choose, enter does it, esc closes"
}

func (s *pathSheet) rows(u *ui, most int, newPen func() *pen) []*pen {
	var out []*pen
	for _, l := range wrapWords(u.look.safe(s.intro, proseLimit), u.width-4) {
		out = append(out, newPen().put(dim, "  "+l))
	}
	first := newPen().put(bold, "  > ")
	s.edit.draw(first, u.width-6, true)
	out = append(out, first)
	if s.err != "" {
		for _, l := range wrapWords(u.look.safe(s.err, proseLimit), u.width-4) {
			out = append(out, newPen().put(bad, "  "+l))
		}
	}
	room := min(most-len(out), 12)
	from := max(0, s.at-room+1)
	for i := from; i < len(s.found) && i < from+room; i++ {
		p := newPen()
		if i == s.at {
			p.base = selected
		}
		o := s.found[i]
		wide := u.width - 4
		if o.note != "" {
			wide = min(38, wide)
		}
		out = append(out, p.put(plain, "    ").col(plain, o.text, wide).put(dim, "  "+o.note).to(u.width))
	}
	return out[:min(len(out), max(0, most))]
}

func (s *pathSheet) key(u *ui, k key) command {
	switch k.name {
	case "esc", "ctrl+c":
		u.closeSheet()
	case "down", "ctrl+n":
		s.at = min(s.at+1, len(s.found)-1)
	case "up", "shift+tab", "ctrl+p":
		s.at = max(-1, s.at-1)
	case "tab":
		return s.complete(u)
	case "enter":
		return s.enter(u)
	default:
		if s.edit.key(k) {
			s.err = ""
			return s.gather(u)
		}
	}
	return nil
}

// complete writes the offer under the cursor, or as much as all offers share.
func (s *pathSheet) complete(u *ui) command {
	if len(s.found) == 0 {
		return nil
	}
	text := s.found[max(0, s.at)].text
	if s.at < 0 {
		if common := shared(s.found); len(common) > len(s.edit.String()) {
			text = common
		}
	}
	s.edit.set(text)
	return s.gather(u)
}

// enter takes the offer under the cursor, else what was typed; a folder that was chosen is opened.
func (s *pathSheet) enter(u *ui) command {
	path := strings.TrimSpace(s.edit.String())
	if s.at >= 0 && s.at < len(s.found) {
		o := s.found[s.at]
		s.edit.set(o.text)
		if o.folder {
			return s.gather(u)
		}
		path = o.text
	}
	switch {
	case path == "":
		s.refuse(u, errNoPath)
		return nil
	case s.busy:
		return nil
	}
	s.busy = true
	return s.run(u, path)
}

// refuse says what is wrong, in the sheet if it is still there.
func (s *pathSheet) refuse(u *ui, err error) {
	if u.onTop(s) {
		s.err = err.Error()
		return
	}
	u.fail(err)
}

// gather finds the offers for what is typed now; those for what was typed before are dropped.
func (s *pathSheet) gather(u *ui) command {
	typed := s.edit.String()
	s.at = -1
	return func() any {
		found := s.offers(typed)
		return done{then: func() command {
			if s.edit.String() == typed {
				s.found, s.at = found[:min(len(found), maxOffers)], -1
			}
			return nil
		}}
	}
}

// shared is the beginning that all offers have.
func shared(all []offer) string {
	common := all[0].text
	for _, o := range all[1:] {
		for !strings.HasPrefix(o.text, common) {
			common = common[:len(common)-1]
		}
	}
	return strings.ToValidUTF8(common, "")
}

// filesIn are the folders and the files of the forms that are read which go on with what was typed. Hidden ones are left
// out until their dot is typed; a folder that cannot be read has none.
func filesIn(dir, typed string) []offer {
	head, tail := filepath.Split(typed)
	at := head
	if !filepath.IsAbs(at) {
		at = filepath.Join(dir, at)
	}
	if at == "" {
		at = "."
	}
	f, err := os.Open(at)
	if err != nil {
		return nil
	}
	defer f.Close()
	entries, _ := f.ReadDir(maxEntries)
	var out []offer
	for _, e := range entries {
		n := e.Name()
		if !strings.HasPrefix(n, tail) || tail == "" && strings.HasPrefix(n, ".") {
			continue
		}
		folder := e.IsDir()
		if !folder && !slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(n))) {
			continue
		}
		if folder {
			n += string(filepath.Separator)
		}
		out = append(out, offer{text: head + n, folder: folder})
	}
	slices.SortFunc(out, func(a, b offer) int { return strings.Compare(a.text, b.text) })
	return out
}

// namedLike are the scenarios in whose name what was typed stands, those that begin with it first.
func namedLike(all []ScenarioName, typed string) []offer {
	var first, rest []offer
	for _, s := range all {
		switch o := (offer{text: s.Name, note: s.Shows}); {
		case strings.HasPrefix(s.Name, typed):
			first = append(first, o)
		case strings.Contains(s.Name, typed):
			rest = append(rest, o)
		}
	}
	return append(first, rest...)
}
