package event

import (
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// Stubs reads the stubs of one stored value, from the first to the last: those of a [Page], or the single one that a [Stub]
// is. What it hands out are parts of the stored value. The zero value has none.
type Stubs struct {
	rest    string
	left    int
	through uint64
	prev    pageState
	names   []stubNames
	// single says that rest is a stub by itself.
	single bool
}

type stubNames struct{ alias, service string }

// IsPage says whether a stored value is a page.
func IsPage(stored string) bool {
	t, _, err := uvarint(stored)
	return err == nil && t == tagPage
}

// Open begins with the stubs that are stored under seq.
func (r *Stubs) Open(seq uint64, stored string) error {
	*r = Stubs{names: r.names[:0]}
	if !IsPage(stored) {
		r.rest, r.left, r.through, r.prev.seq, r.single = stored, 1, seq, seq, true
		return nil
	}
	_, page, rest, err := next(stored)
	if err != nil || rest != "" {
		return ErrCorrupt
	}
	n, page, err := uvarint(page)
	if err != nil {
		return err
	}
	reach, page, err := uvarint(page)
	if err != nil || n == 0 || n > uint64(len(page)) || seq == 0 || seq+reach < seq {
		return ErrCorrupt
	}
	r.rest, r.left, r.through, r.prev.seq = page, int(n), seq+reach, seq-1
	return nil
}

// Left is how many stubs are still to come.
func (r *Stubs) Left() int { return r.left }

// Through is the last event that the value stands for: there is no other record of those between its first stub and this one.
func (r *Stubs) Through() uint64 { return r.through }

// Next is the next stub. The error is [ErrCorrupt]; there must be one left.
func (r *Stubs) Next() (d Derived, err error) {
	r.left--
	if r.single {
		return DecodeDerived(r.prev.seq, r.rest)
	}
	d = Derived{Kind: KindEvicted, Was: KindDeploy, Result: deploy.OK}
	c := cut{r.rest, false}
	r.next(&d, &c)
	r.rest = c.rest
	if c.short || d.Seq > r.through || r.left == 0 && c.rest != "" {
		return Derived{}, ErrCorrupt
	}
	return d, nil
}

func (r *Stubs) next(d *Derived, c *cut) {
	flags := c.text(1)
	if c.short {
		return
	}
	has := func(flag byte) bool { return flags[0]&flag != 0 }
	step := uint64(1)
	if !has(pageFollows) {
		step = c.uvarint()
	}
	c.short = c.short || step == 0 || r.prev.seq+step < r.prev.seq
	r.prev.seq += step
	r.prev.pass(c.varint())
	r.prev.ordinal += int(c.varint())
	d.Seq, d.Ordinal, d.At = r.prev.seq, r.prev.ordinal, time.Unix(r.prev.sec, r.prev.nano).UTC()
	r.nextNames(d, c, has(pageNewNames), has(pageSameNames))
	if has(pageUnmatched) {
		d.Result = deploy.NoServiceFound
	}
	d.Suggested, d.Relayed = has(pageSuggested), has(pageRelayed)
	if has(pageDedup) {
		copy(d.Dedup[:], c.text(uint64(len(d.Dedup))))
	}
	if has(pageMoreFields) {
		c.fields(d)
	}
}

func (r *Stubs) nextNames(d *Derived, c *cut, fresh, same bool) {
	switch {
	case fresh:
		n := stubNames{alias: c.text(c.uvarint())}
		n.service = n.alias
		if size := c.uvarint(); size > 0 {
			n.service = c.text(size - 1)
		}
		r.prev.name = len(r.names)
		r.names = append(r.names, n)
	case !same:
		place := c.uvarint()
		r.prev.name = int(min(place, uint64(len(r.names))))
	}
	if r.prev.name >= len(r.names) {
		c.short = true
		return
	}
	d.Alias, d.Service = r.names[r.prev.name].alias, r.names[r.prev.name].service
}

// cut takes a page apart from its beginning. short says that something was not there, or not as it should be; what
// is cut off after that means nothing.
type cut struct {
	rest  string
	short bool
}

func (c *cut) uvarint() uint64 {
	n, rest, err := uvarint(c.rest)
	if err != nil {
		c.short = true
		return 0
	}
	c.rest = rest
	return n
}

func (c *cut) varint() int64 {
	n := c.uvarint()
	return int64(n>>1) ^ -int64(n&1)
}

func (c *cut) text(size uint64) (s string) {
	if size > uint64(len(c.rest)) {
		c.short = true
		return ""
	}
	s, c.rest = c.rest[:size], c.rest[size:]
	return s
}

func (c *cut) fields(d *Derived) {
	for s := c.text(c.uvarint()); s != ""; {
		t, value, rest, err := next(s)
		if err == nil {
			err = d.set(t, value)
		}
		if err != nil {
			c.short = true
			return
		}
		s = rest
	}
}
