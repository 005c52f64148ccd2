package event

import (
	"encoding/binary"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// A page is the stubs of many deploys in one stored value, because most of what a stub alone takes is not the stub: a key,
// its place in a tree, the names that the one before it had too. It is the field tagPage, and in it the number of stubs, how
// far the page reaches beyond its first stub, and the stubs. A stub is its flags and then, each where its flag does not make
// it needless: the distance from the seq before, the time since the stub before in nanoseconds, the ordinal less that of
// the stub before, the alias and the service (or the place of the same two in the page), the dedup key, and as ordinary
// fields what has no other place. Numbers are varints. A stub of a deploy whose names the page has already takes 20 to 27
// bytes.
const tagPage tag = firstWholeTag - 2

// The flags of a stub in a page.
const (
	pageFollows    = 1 << iota // the seq is one more than that before
	pageSameNames              // alias and service are those of the stub before
	pageNewNames               // alias and service stand here for the first time
	pageDedup                  // there is a dedup key
	pageUnmatched              // the result is no_service_found; ok otherwise
	pageSuggested              // as in Derived
	pageRelayed                // as in Derived
	pageMoreFields             // fields come after all of this
)

// pageTimes bounds the seconds before and after 1970 whose distance in nanoseconds is a number of 64 bits. Other times stand in
// a field.
const pageTimes = 1 << 32

// Page packs stubs. The zero value is an empty page, and a page is used again after [Page.Reset]. It holds no part of the events
// that it was given.
type Page struct {
	buf []byte
	n   int
	// first and last are the seqs of the stubs at the ends.
	first, last uint64
	prev        pageState
	names       []pageNames
	// more are the fields of the stub that is being packed.
	more fields
}

// pageState is what a stub is told by the distance to.
type pageState struct {
	seq       uint64
	sec, nano int64
	ordinal   int
	name      int
}

// pageNames are where the alias and the service of a stub begin and end in the page.
type pageNames struct{ alias, aliasEnd, service, serviceEnd int }

// Len is how many stubs the page has.
func (p *Page) Len() int { return p.n }

// First is the seq of the first stub, which a page is stored under.
func (p *Page) First() uint64 { return p.first }

// Reset empties the page.
func (p *Page) Reset() { *p = Page{buf: p.buf[:0], names: p.names[:0], more: p.more[:0]} }

// Add packs the stub of a stored event ([Stub] says what that is), whose seq must be above those before. It says false, and packs
// nothing, where the event left no trace in the account.
func (p *Page) Add(seq uint64, stored string) (bool, error) {
	d := Derived{Seq: seq}
	known, traces := false, false
	p.more = p.more[:0]
	for s := stored; s != ""; {
		t, value, rest, err := next(s)
		if err != nil {
			return false, err
		}
		if t >= firstWholeTag {
			break
		}
		switch {
		case t == tagKind:
			known = true
			if Kind(value) != KindEvicted {
				d.Was = Kind(value)
			}
		case t == tagIntegration: // as in Stub
		case t < tagChange || t == tagEvictedKind || t == tagRelayed:
			err = d.set(t, value)
		default:
			traces = traces || t == tagChange
			p.more = append(p.more, s[:len(s)-len(rest)]...)
		}
		if err != nil {
			return false, err
		}
		s = rest
	}
	switch {
	case !known || seq <= p.last:
		return false, ErrCorrupt
	case !traces && !d.Recorded() && d.Was != KindReset:
		return false, nil
	}
	p.put(&d)
	return true, nil
}

// put packs d, and with it the fields that are there already.
func (p *Page) put(d *Derived) {
	if p.n == 0 {
		p.first, p.prev = d.Seq, pageState{seq: d.Seq - 1}
	}
	if d.Was != KindDeploy {
		p.more.word(tagEvictedKind, string(d.Was))
	}
	if !d.Recorded() {
		p.more.word(tagResult, string(d.Result))
	}
	since, fits := p.prev.since(d)
	if !fits {
		p.more.time(tagAt, d.At)
	}
	name, flags := p.name(d)
	flags |= p.flags(d)

	b := append(p.buf, flags)
	if flags&pageFollows == 0 {
		b = binary.AppendUvarint(b, d.Seq-p.prev.seq)
	}
	b = binary.AppendVarint(b, since)
	b = binary.AppendVarint(b, int64(d.Ordinal-p.prev.ordinal))
	if p.buf = b; flags&pageNewNames != 0 {
		p.putNames(d)
	} else if flags&pageSameNames == 0 {
		p.buf = binary.AppendUvarint(p.buf, uint64(name))
	}
	if flags&pageDedup != 0 {
		p.buf = append(p.buf, d.Dedup[:]...)
	}
	if flags&pageMoreFields != 0 {
		p.buf = binary.AppendUvarint(p.buf, uint64(len(p.more)))
		p.buf = append(p.buf, p.more...)
	}
	p.n++
	p.last = d.Seq
	p.prev.seq, p.prev.ordinal, p.prev.name = d.Seq, d.Ordinal, name
	p.prev.pass(since)
}

func (p *Page) flags(d *Derived) (flags byte) {
	if d.Seq == p.prev.seq+1 {
		flags |= pageFollows
	}
	if d.Dedup != (DedupKey{}) {
		flags |= pageDedup
	}
	if d.Result == deploy.NoServiceFound {
		flags |= pageUnmatched
	}
	if d.Suggested {
		flags |= pageSuggested
	}
	if d.Relayed {
		flags |= pageRelayed
	}
	if len(p.more) > 0 {
		flags |= pageMoreFields
	}
	return flags
}

// name finds the names of d in the page: their place, and the flag for it.
func (p *Page) name(d *Derived) (place int, flag byte) {
	has := func(n pageNames) bool {
		return string(p.buf[n.alias:n.aliasEnd]) == d.Alias && string(p.buf[n.service:n.serviceEnd]) == d.Service
	}
	if p.n > 0 && has(p.names[p.prev.name]) {
		return p.prev.name, pageSameNames
	}
	for i, n := range p.names {
		if has(n) {
			return i, 0
		}
	}
	return len(p.names), pageNewNames
}

// putNames writes the alias, and the service where it is another than the alias.
func (p *Page) putNames(d *Derived) {
	var n pageNames
	p.buf = binary.AppendUvarint(p.buf, uint64(len(d.Alias)))
	n.alias, n.aliasEnd = len(p.buf), len(p.buf)+len(d.Alias)
	p.buf = append(p.buf, d.Alias...)
	if d.Service == d.Alias {
		n.service, n.serviceEnd = n.alias, n.aliasEnd
		p.buf = append(p.buf, 0)
	} else {
		p.buf = binary.AppendUvarint(p.buf, uint64(len(d.Service))+1)
		n.service, n.serviceEnd = len(p.buf), len(p.buf)+len(d.Service)
		p.buf = append(p.buf, d.Service...)
	}
	p.names = append(p.names, n)
}

// since is the time from the stub before to d in nanoseconds, 0 where that does not fit.
func (s *pageState) since(d *Derived) (nanos int64, fits bool) {
	sec := d.At.Unix()
	if sec <= -pageTimes || sec >= pageTimes {
		return 0, false
	}
	return (sec-s.sec)*1e9 + int64(d.At.Nanosecond()) - s.nano, true
}

// pass moves the time on.
func (s *pageState) pass(nanos int64) {
	s.sec += nanos / 1e9
	s.nano += nanos % 1e9
	switch {
	case s.nano < 0:
		s.sec, s.nano = s.sec-1, s.nano+1e9
	case s.nano >= 1e9:
		s.sec, s.nano = s.sec+1, s.nano-1e9
	}
}

// word is text that may be empty and is written all the same.
func (f *fields) word(t tag, s string) {
	*f = binary.AppendUvarint(*f, t)
	*f = binary.AppendUvarint(*f, uint64(len(s)))
	*f = append(*f, s...)
}

// AppendTo appends the page in its stored form to dst. It stands for all events from its first stub through the one of that
// number: those of them that are not in it left no trace. The page must have a stub.
func (p *Page) AppendTo(dst []byte, through uint64) []byte {
	reach := through - p.first
	size := uvarintLen(uint64(p.n)) + uvarintLen(reach) + len(p.buf)
	dst = binary.AppendUvarint(dst, tagPage)
	dst = binary.AppendUvarint(dst, uint64(size))
	dst = binary.AppendUvarint(dst, uint64(p.n))
	dst = binary.AppendUvarint(dst, reach)
	return append(dst, p.buf...)
}
