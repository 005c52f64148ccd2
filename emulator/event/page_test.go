package event

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// deployed is an event such as the journal packs: of a few services, or of an alias that nobody knows.
func (m maker) deployed(seq uint64) *Event {
	e := m.event()
	e.Seq, e.Kind, e.Change = seq, KindDeploy, nil
	if m.some() {
		e.Alias = fmt.Sprintf("service-%d", m.IntN(4))
		e.Service = []string{"", e.Alias, "another"}[m.IntN(3)]
	} else if m.IntN(4) == 0 {
		e.Alias = strings.Repeat("a", 3000) + m.letters()
	}
	if m.some() {
		e.Result = []deploy.Result{deploy.OK, deploy.NoServiceFound}[m.IntN(2)]
	}
	switch m.IntN(6) {
	case 0:
		e.At = time.Unix([]int64{-pageTimes, 1 - pageTimes, -1, 0, pageTimes - 1, pageTimes}[m.IntN(6)], int64(m.IntN(1e9))).UTC()
	case 1:
		e.At = time.Date(9999+m.IntN(1e6), 12, 31, 23, 59, 59, 999999999, time.UTC)
	case 2, 3, 4:
		e.At = time.Unix(1.7e9, m.Int64N(1e12)).UTC()
	}
	return e
}

// stubsOf reads a stored value to its end.
func stubsOf(seq uint64, stored string) (ds []Derived, through uint64, err error) {
	var r Stubs
	if err := r.Open(seq, stored); err != nil {
		return nil, 0, err
	}
	for r.Left() > 0 {
		d, err := r.Next()
		if err != nil {
			return nil, 0, err
		}
		ds = append(ds, d)
	}
	return ds, r.Through(), nil
}

// TestPageIsItsStubs holds pages against the single stubs of the same events: of those that the journal packs, and of all others.
func TestPageIsItsStubs(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(11, 12))}
	var p Page
	for range 300 {
		p.Reset()
		seq := m.Uint64() >> (1 + m.IntN(63))
		var want []Derived
		for range 1 + m.IntN(200) {
			seq += 1 + uint64(m.IntN(3)*m.IntN(1000))
			e := m.deployed(seq)
			if m.IntN(30) == 0 {
				e = m.event()
				e.Seq = seq
			}
			stored, err := Encode(nil, e)
			if err != nil {
				t.Fatal(err)
			}
			if m.IntN(20) == 0 {
				var f fields
				f.text(29, "a field of the ledger that this version does not know")
				stored = append(f, stored...)
			}
			stub, err := Stub(nil, string(stored))
			if err != nil {
				t.Fatal(err)
			}
			if m.IntN(20) == 0 && len(stub) > 0 { // a stub is its own stub here too
				stored = stub
			}
			added, err := p.Add(seq, string(stored))
			if err != nil || added != (len(stub) > 0) {
				t.Fatalf("added %t, the stub has %d bytes: %v", added, len(stub), err)
			}
			if !added {
				continue
			}
			d, err := DecodeDerived(seq, string(stub))
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, d)
		}
		if p.Len() != len(want) {
			t.Fatalf("%d stubs of %d", p.Len(), len(want))
		}
		if len(want) == 0 {
			continue
		}
		got, through, err := stubsOf(p.First(), string(p.AppendTo(nil, seq)))
		if d := cmp.Diff(want, got); err != nil || d != "" || through != seq {
			t.Fatal(err, d, through, seq)
		}
	}
}

// TestPageIsSmall: what a page is for.
func TestPageIsSmall(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(13, 14))}
	for _, services := range []int{1, 20} {
		var p Page
		at := time.Unix(1.7e9, 123456789)
		for i := range 128 {
			at = at.Add(time.Duration(m.IntN(1e9)))
			name := fmt.Sprintf("a_service_of_some_length_%d", m.IntN(services))
			e := &Event{
				Kind: KindDeploy, At: at, Alias: name, Service: name, Result: deploy.OK, Ordinal: 5000 + m.IntN(1000),
				Deploy: &deploy.Deploy{DedupID: fmt.Sprint(i)},
			}
			stored, err := Encode(nil, e)
			if err != nil {
				t.Fatal(err)
			}
			if added, err := p.Add(uint64(i+1_000_000), string(stored)); !added || err != nil {
				t.Fatal(added, err)
			}
		}
		b := p.AppendTo(nil, 1_000_127)
		if a := float64(len(b)) / 128; a > 32 {
			t.Errorf("%.1f bytes a stub of one of %d services", a, services)
		} else {
			t.Logf("%.1f bytes a stub of one of %d services", a, services)
		}
	}
}

// TestPageRefuses: seqs that do not rise, and what is no event.
func TestPageRefuses(t *testing.T) {
	stored, err := Encode(nil, &Event{Kind: KindDeploy, Result: deploy.OK})
	if err != nil {
		t.Fatal(err)
	}
	var p Page
	if added, err := p.Add(5, string(stored)); !added || err != nil {
		t.Fatal(added, err)
	}
	for seq, s := range map[uint64]string{5: string(stored), 4: string(stored), 6: "", 7: "\x01", 8: string(stored[1:])} {
		if added, err := p.Add(seq, s); added || err == nil {
			t.Errorf("%d %q was added", seq, s)
		}
	}
	if got, through, err := stubsOf(5, string(p.AppendTo(nil, 9))); len(got) != 1 || through != 9 || err != nil {
		t.Error(got, through, err)
	}
}

// TestDamagedPage cuts and changes a page at every byte. Its checksum is the journal's, so it only must not be believed beyond
// its end.
func TestDamagedPage(t *testing.T) {
	b := somePage(t, 20)
	for i := range b {
		if _, _, err := stubsOf(1, string(b[:i])); err == nil {
			t.Errorf("cut at %d", i)
		}
		for _, c := range []byte{0, 1, 0x7f, 0x80, 0xff} {
			d := bytes.Clone(b)
			d[i] = c
			stubsOf(1, string(d))
		}
	}
	if _, _, err := stubsOf(1, string(append(bytes.Clone(b), 0))); err == nil {
		t.Error("a byte too many")
	}
}

func somePage(t testing.TB, stubs int) []byte {
	m := maker{rand.New(rand.NewPCG(15, 16))}
	var p Page
	for seq := uint64(1); p.Len() < stubs; seq++ {
		stored, err := Encode(nil, m.deployed(seq))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Add(seq, string(stored)); err != nil {
			t.Fatal(err)
		}
	}
	return p.AppendTo(nil, p.last)
}

// FuzzStubs: bytes that are no page are an error, never a panic, and hold no more stubs than bytes; what is read can be packed again.
func FuzzStubs(f *testing.F) {
	f.Add(uint64(1), string(somePage(f, 1)))
	f.Add(uint64(7), string(somePage(f, 30)))
	f.Add(uint64(1), "\x1e\x02\x01\x00")
	f.Fuzz(func(t *testing.T, seq uint64, stored string) {
		ds, through, err := stubsOf(seq, stored)
		if err != nil {
			return
		}
		if len(ds) == 0 || len(ds) > max(1, len(stored)) || ds[len(ds)-1].Seq > through {
			t.Fatal(len(ds), through)
		}
		for i, d := range ds {
			if d.Seq < seq || i > 0 && d.Seq <= ds[i-1].Seq {
				t.Fatal("not in order:", i, d.Seq)
			}
		}
	})
}

func BenchmarkPage(b *testing.B) {
	e := &Event{
		Kind: KindDeploy, At: time.Unix(1.7e9, 0), Integration: "11111111-1111-4111-8111-111111111111", Alias: "shopping_cart", Service: "shopping_cart",
		Result: deploy.OK, Ordinal: 7, Deploy: &deploy.Deploy{DedupID: "1"},
	}
	buf, err := Encode(nil, e)
	if err != nil {
		b.Fatal(err)
	}
	stored := string(buf)
	var p Page
	b.Run("add", func(b *testing.B) {
		b.ReportAllocs()
		for i := uint64(1); b.Loop(); i++ {
			if i%128 == 0 {
				p.Reset()
			}
			p.Add(i, stored)
		}
	})
	p.Reset()
	for i := range uint64(128) {
		p.Add(i+1, stored)
	}
	stored = string(p.AppendTo(nil, 128))
	var r Stubs
	b.Run("next", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if r.Left() == 0 {
				r.Open(1, stored)
			}
			r.Next()
		}
	})
}
