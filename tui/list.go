package tui

import (
	"slices"
	"sort"
)

// list is a window on a long list whose entries have ids: those of events are their seqs, in order. It formats only what
// is on the screen, and nothing moves under its cursor unless it follows.
type list struct {
	ids    []uint64
	cursor int
	top    int
	height int // of the last drawing
	follow bool
	unseen int // arrived while it did not follow
	rule   int // the index of the first that was unseen when it began to follow again; 0 for none
	marks  map[uint64]bool
}

// at is the id under the cursor; 0 for an empty list.
func (l *list) at() uint64 {
	if l.cursor < 0 || l.cursor >= len(l.ids) {
		return 0
	}
	return l.ids[l.cursor]
}

// push adds an id at the end.
func (l *list) push(id uint64) {
	l.ids = append(l.ids, id)
	if l.follow {
		l.cursor = len(l.ids) - 1
		return
	}
	l.unseen++
}

// forget drops the ids below first.
func (l *list) forget(first uint64) {
	n := sort.Search(len(l.ids), func(i int) bool { return l.ids[i] >= first })
	if n == 0 {
		return
	}
	for _, id := range l.ids[:n] {
		delete(l.marks, id)
	}
	l.ids = l.ids[n:]
	if cap(l.ids) > 4*len(l.ids)+1024 {
		l.ids = slices.Clone(l.ids)
	}
	l.cursor, l.top, l.rule = max(0, l.cursor-n), max(0, l.top-n), max(0, l.rule-n)
}

// set replaces the ids. The entry under the cursor stays where it is on the screen, if it is still there.
func (l *list) set(ids []uint64) {
	id, offset := l.at(), l.cursor-l.top
	l.ids, l.rule = ids, 0
	if l.follow {
		l.cursor = len(ids) - 1
	} else if i := slices.Index(ids, id); i >= 0 {
		l.cursor, l.top = i, max(0, i-offset)
	}
	l.clamp()
}

func (l *list) clamp() {
	l.cursor = max(0, min(l.cursor, len(l.ids)-1))
}

// move moves the cursor; moving up pauses, and the end follows again.
func (l *list) move(by int) {
	l.to(l.cursor + by)
}

func (l *list) to(i int) {
	if i < l.cursor {
		l.pause()
	}
	l.cursor = i
	l.clamp()
}

func (l *list) pause() {
	if l.follow {
		l.follow, l.unseen, l.rule = false, 0, 0
	}
}

func (l *list) resume() {
	if !l.follow {
		if l.unseen > 0 && l.unseen < len(l.ids) {
			l.rule = len(l.ids) - l.unseen
		}
		l.follow, l.unseen = true, 0
	}
	l.cursor = max(0, len(l.ids)-1)
}

// seek puts the cursor on an id or, where it is not in the list, on the next one.
func (l *list) seek(id uint64) {
	i := sort.Search(len(l.ids), func(i int) bool { return l.ids[i] >= id })
	l.pause()
	l.cursor = i
	l.clamp()
}

// mark marks or unmarks the entry under the cursor.
func (l *list) mark() {
	id := l.at()
	if id == 0 {
		return
	}
	if l.marks == nil {
		l.marks = map[uint64]bool{}
	}
	if l.marks[id] {
		delete(l.marks, id)
	} else {
		l.marks[id] = true
	}
}

// chosen are the marked ids or, without any, the one under the cursor.
func (l *list) chosen() []uint64 {
	if len(l.marks) == 0 {
		if id := l.at(); id != 0 {
			return []uint64{id}
		}
		return nil
	}
	ids := make([]uint64, 0, len(l.marks))
	for id := range l.marks {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// ruleLine stands in a window for the line above what was unseen.
const ruleLine = -1

// window is the indexes of the entries on the screen, the cursor among them, and ruleLine before the first that was
// unseen.
func (l *list) window(h int) []int {
	l.height = h
	if h <= 0 || len(l.ids) == 0 {
		return nil
	}
	l.clamp()
	ruleAt := l.rule
	if ruleAt == 0 {
		ruleAt = -1
	}
	l.top = max(0, min(l.top, len(l.ids)-1))
	if l.cursor < l.top {
		l.top = l.cursor
	}
	if l.cursor-l.top >= h {
		l.top = l.cursor - h + 1
	}
	if ruleAt >= l.top && ruleAt <= l.cursor && l.cursor-l.top >= h-1 && h > 1 {
		l.top++ // room for the rule
	}
	if l.follow {
		l.top = max(0, min(l.top, len(l.ids)-h))
		if ruleAt >= l.top && ruleAt < len(l.ids) && len(l.ids)-l.top >= h && h > 1 {
			l.top++
		}
	}
	var out []int
	for i := l.top; i < len(l.ids) && len(out) < h; i++ {
		if i == ruleAt && i > 0 && len(out) < h-1 {
			out = append(out, ruleLine)
		}
		out = append(out, i)
	}
	return out
}
