package event

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// maker makes events at random: every field may be empty, long, or no text at all.
type maker struct{ *rand.Rand }

func (m maker) some() bool { return m.IntN(3) > 0 }

func (m maker) text() string {
	if !m.some() {
		return ""
	}
	b := make([]byte, m.IntN(20))
	if m.IntN(20) == 0 {
		b = make([]byte, m.IntN(1000))
	}
	for i := range b {
		b[i] = byte(m.Uint32())
	}
	return string(b)
}

// letters is text that JSON carries without a change.
func (m maker) letters() string { return fmt.Sprint(m.Uint32()) }

func (m maker) time() time.Time {
	if m.IntN(10) == 0 {
		return time.Date(1, 1, 1, 0, 0, 0, m.IntN(1e9), time.UTC)
	}
	return time.Unix(m.Int64N(1<<35)-1<<34, m.Int64N(1e9)).UTC()
}

func (m maker) date() *time.Time {
	if !m.some() {
		return nil
	}
	t := m.time()
	return &t
}

func (m maker) event() *Event {
	e := &Event{
		Seq: 1 + m.Uint64(), Kind: []Kind{KindDeploy, KindCall, KindChange, KindReset, KindFiring}[m.IntN(5)], At: m.time(),
		Integration: m.text(), HTTP: m.IntN(600), Result: deploy.Result(m.text()), Message: m.text(), Title: m.text(), Detail: m.text(),
		Alias: m.text(), Service: m.text(), DuplicateOf: m.Uint64() >> m.IntN(64), Ordinal: m.IntN(1 << 40), Suggested: m.some(), Why: m.text(),
	}
	if m.some() {
		e.Result = []deploy.Result{deploy.OK, deploy.NoServiceFound, deploy.Duplicate, deploy.Rejected}[m.IntN(4)]
	}
	for range m.IntN(3) {
		e.Problems = append(e.Problems, deploy.Problem{Status: m.IntN(600), Title: m.text(), Detail: m.text(), Field: m.text()})
		e.Findings = append(e.Findings, finding.Finding{
			ID: m.text(), Severity: finding.Severity(m.text()), Field: m.text(), Evidence: m.text(), Explanation: m.text(), Cure: m.text(),
		})
	}
	if m.some() {
		e.Deploy = m.deploy()
	}
	if m.some() {
		e.Request = &Request{Method: "POST", Path: m.text(), Body: m.text(), BodyLength: m.Int64(), BodySHA256: m.text()}
		for range m.IntN(3) {
			if e.Request.Headers == nil {
				e.Request.Headers = map[string][]string{}
			}
			e.Request.Headers[m.text()] = []string{m.text(), m.text()}
		}
	}
	if e.Deploy != nil && e.Request != nil && m.some() {
		// As a sender does: the texts of the deploy, some of them, in the body.
		d := e.Deploy
		e.Request.Body = m.text() + d.Environment + d.DedupID + m.text() + d.Description + d.DeployURL
		if d.Commit != nil {
			e.Request.Body = d.Commit.SHA + e.Request.Body + d.Commit.Message
		}
	}
	if m.IntN(5) == 0 {
		e.Fault = &Fault{ID: m.text(), Kind: m.text(), Judged: m.some()}
	}
	if m.IntN(5) == 0 {
		e.Upstream = &Upstream{
			Host: m.letters(), HTTP: m.IntN(600), Failure: m.letters(), Sent: m.some(), ContentType: m.letters(), Seconds: m.Float64(), Settles: m.Uint64(),
			Here: Answer{HTTP: 202, Result: deploy.OK, Body: m.letters()}, Drift: []Difference{{Field: "body", Ours: m.letters(), Theirs: m.letters(), Fidelity: []string{"x"}}},
		}
		e.Upstream.SetBody([]byte(m.text()))
	}
	if m.IntN(5) == 0 {
		e.Change = &Change{Alias: &AliasChange{Alias: m.letters(), Service: m.letters()}}
	}
	return e
}

func (m maker) deploy() *deploy.Deploy {
	d := &deploy.Deploy{
		Service: m.text(), Description: m.text(), DeployedAt: m.time(), DeployedAtSent: m.text(), Environment: m.text(), DeployURL: m.text(),
		DeployNumber: m.text(), DeployNumberGenerated: m.some(), DedupID: m.text(), Status: m.text(), AssociatedUser: m.text(),
	}
	if m.some() {
		d.Status = "success"
	}
	d.DeployStatus = deploy.NormalStatus(d.Status)
	if m.some() {
		d.Deployer = &deploy.Deployer{ID: m.text(), Email: m.text(), Name: m.text()}
	}
	if m.some() {
		d.Commit = &deploy.Commit{
			SHA: m.text(), Message: m.text(), Branch: m.text(), Date: m.date(), DateSent: m.text(), CommitterName: m.text(),
			CommitterEmail: m.text(), AuthorName: m.text(), AuthorEmail: m.text(), AuthoringDate: m.date(), AuthoringDateSent: m.text(),
		}
	}
	return d
}

func TestCodecRoundTrip(t *testing.T) {
	full, err := Encode(nil, fullEvent())
	if err != nil {
		t.Fatal(err)
	}
	spoiling := string(full)
	m := maker{rand.New(rand.NewPCG(1, 2))}
	var buf []byte
	var again Decoder
	for range 5000 {
		want := m.event()
		var err error
		if buf, err = Encode(buf[:0], want); err != nil {
			t.Fatal(err)
		}
		stored := string(buf)
		got, err := Decode(want.Seq, stored)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
		reused, err := again.Decode(want.Seq, stored)
		if err != nil {
			t.Fatal(err)
		}
		clone := reused.Clone()
		if d := cmp.Diff(want, reused); d != "" {
			t.Fatal("into memory that was used:", d)
		}
		if again.Decode(1, spoiling); cmp.Diff(want, clone) != "" {
			t.Fatal("a clone changes with the next event")
		}
		derived, err := DecodeDerived(want.Seq, stored)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want.Derived(), derived); d != "" {
			t.Fatal(d)
		}
	}
}

// fullEvent has something everywhere, so that decoding it overwrites all that a [Decoder] uses again.
func fullEvent() *Event {
	at := time.Unix(1, 0).UTC()
	return &Event{
		Kind: KindDeploy, At: at, HTTP: 299, Fault: &Fault{ID: "other", Kind: "other"},
		Problems: deploy.Problems{{Status: 1, Title: "other"}, {}}, Findings: []finding.Finding{{ID: "other"}, {ID: "other"}},
		Request: &Request{Method: "OTHER", Path: "other", Body: "other", Headers: map[string][]string{"Other": {"other", "other"}}},
		Deploy: &deploy.Deploy{
			Service: "other", DeployedAt: at, Deployer: &deploy.Deployer{ID: "other", Email: "other", Name: "other"},
			Commit: &deploy.Commit{SHA: "other", Date: &at, AuthoringDate: &at},
		},
	}
}

// TestEncodeQuotesTheBody: a payload that stands in the body to the letter is not stored a second time.
func TestEncodeQuotesTheBody(t *testing.T) {
	e := fullEvent()
	e.Deploy.Description, e.Deploy.Commit.Message = strings.Repeat("d", 4000), strings.Repeat("m", 4000)
	apart, err := Encode(nil, e)
	if err != nil {
		t.Fatal(err)
	}
	e.Request.Body = e.Deploy.Commit.Message + "\n" + e.Deploy.Description
	together, err := Encode(nil, e)
	if err != nil {
		t.Fatal(err)
	}
	if more := len(together) - len(apart); more > 20 {
		t.Errorf("with a body that holds the texts an event has %d bytes more", more)
	}
	if got, err := Decode(e.Seq, string(together)); err != nil || cmp.Diff(e, got) != "" {
		t.Error(cmp.Diff(e, got), err)
	}
	e.Request.Body = e.Request.Body[:100]
	short, err := Encode(nil, e)
	if err != nil || len(short) < 8000 {
		t.Errorf("with a body that holds a part of them alone it has %d bytes, %v", len(short), err)
	}
}

// TestEncodeAppends is what the journal relies on to use one buffer.
func TestEncodeAppends(t *testing.T) {
	e := maker{rand.New(rand.NewPCG(3, 4))}.event()
	b, err := Encode([]byte("before"), e)
	if err != nil || !bytes.HasPrefix(b, []byte("before")) {
		t.Fatal(string(b), err)
	}
	if got, err := Decode(e.Seq, string(b[len("before"):])); err != nil || cmp.Diff(e, got) != "" {
		t.Fatal(got, err)
	}
}

// TestStub holds a stub against the event it was cut from: the same derived fields but the integration, and nothing else.
func TestStub(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(5, 6))}
	for range 3000 {
		e := m.event()
		stored, err := Encode(nil, e)
		if err != nil {
			t.Fatal(err)
		}
		stub, err := Stub([]byte("x"), string(stored))
		if err != nil || stub[0] != 'x' {
			t.Fatal(err)
		}
		stub = stub[1:]
		if traces := e.Recorded() || e.Change != nil || e.Kind == KindReset; !traces || len(stub) == 0 {
			if traces || len(stub) != 0 {
				t.Fatalf("traces %t, a stub of %d bytes", traces, len(stub))
			}
			continue
		}
		want := e.Derived()
		want.Was, want.Kind, want.Integration = e.Kind, KindEvicted, ""
		got, err := DecodeDerived(e.Seq, string(stub))
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Fatal(err, d)
		}
		again, err := Stub(nil, string(stub))
		if err != nil || !bytes.Equal(again, stub) {
			t.Fatal("a stub is not its own stub:", err)
		}
		if whole, err := Decode(e.Seq, string(stub)); err != nil || whole.Kind != KindEvicted || whole.Deploy != nil || whole.Request != nil {
			t.Fatal(whole, err)
		}
	}
}

// TestStubKeepsFixtures: what an account was loaded with outlives the window, byte for byte.
func TestStubKeepsFixtures(t *testing.T) {
	e := &Event{Seq: 1, Kind: KindChange, At: time.Unix(0, 0).UTC(), Change: &Change{Fixtures: &catalog.Contents{Services: []catalog.Service{{Slug: "s"}}}}}
	stored, err := Encode(nil, e)
	if err != nil {
		t.Fatal(err)
	}
	stub, err := Stub(nil, string(stored))
	if err != nil {
		t.Fatal(err)
	}
	d, err := DecodeDerived(1, string(stub))
	if err != nil || cmp.Diff(e.Change, d.Change) != "" {
		t.Fatal(d, err)
	}
}

// TestDecodeFromTheFuture: fields that this version does not know are skipped, and those of the ledger survive in a stub.
func TestDecodeFromTheFuture(t *testing.T) {
	e := &Event{Seq: 1, Kind: KindDeploy, At: time.Unix(0, 0).UTC(), Result: deploy.OK}
	var f fields
	f.text(31, "a field of the ledger")
	stored, err := Encode(f, e)
	if err != nil {
		t.Fatal(err)
	}
	f = stored
	f.text(63, "a field of the event")
	f.text(128+100, "\xff") // no place in the body, but that of a deploy's field in a later version
	f.text(1<<40, "a field of we know not what")
	got, err := Decode(1, string(f))
	if d := cmp.Diff(e, got); err != nil || d != "" {
		t.Fatal(err, d)
	}
	stub, err := Stub(nil, string(f))
	if err != nil || !bytes.Contains(stub, []byte("a field of the ledger")) || bytes.Contains(stub, []byte("a field of the event")) {
		t.Fatalf("%q %v", stub, err)
	}
}

// FuzzDecode: stored bytes that are no event are an error, never a panic, and take no more memory than they are worth.
func FuzzDecode(f *testing.F) {
	m := maker{rand.New(rand.NewPCG(7, 8))}
	for range 20 {
		b, err := Encode(nil, m.event())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")
	f.Fuzz(func(t *testing.T, stored string) {
		e, err := Decode(7, stored)
		d, derr := DecodeDerived(7, stored)
		stub, serr := Stub(nil, stored)
		if err != nil {
			return
		}
		if derr != nil || serr != nil || e.Kind != d.Kind || e.Seq != 7 {
			t.Fatal("decoded, but:", derr, serr, e.Kind, d.Kind)
		}
		if len(stub) > len(stored)+len(KindEvicted)+4 {
			t.Fatalf("a stub of %d bytes from %d", len(stub), len(stored))
		}
		if _, err := Encode(nil, e); err != nil {
			t.Fatal(err)
		}
	})
}

func TestHub(t *testing.T) {
	var h Hub
	h.Publish() // to nobody
	more, cancel := h.Subscribe()
	h.Publish()
	h.Publish() // a reader that is behind is told once
	<-more
	select {
	case <-more:
		t.Error("told twice")
	default:
	}
	cancel()
	h.Publish()
	select {
	case <-more:
		t.Error("told after it left")
	default:
	}
}

func BenchmarkCodec(b *testing.B) {
	e := maker{rand.New(rand.NewPCG(9, 9))}.event()
	buf, err := Encode(nil, e)
	if err != nil {
		b.Fatal(err)
	}
	stored := string(buf)
	b.Run("encode", func(b *testing.B) {
		for b.Loop() {
			buf, _ = Encode(buf[:0], e)
		}
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			Decode(1, stored)
		}
	})
	b.Run("decode again", func(b *testing.B) {
		var d Decoder
		for b.Loop() {
			d.Decode(1, stored)
		}
	})
	b.Run("line", func(b *testing.B) {
		for b.Loop() {
			e.Line()
		}
	})
	b.Run("derived", func(b *testing.B) {
		for b.Loop() {
			DecodeDerived(1, stored)
		}
	})
	b.Run("stub", func(b *testing.B) {
		for b.Loop() {
			buf, _ = Stub(buf[:0], stored)
		}
	})
}
