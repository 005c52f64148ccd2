package scenarios

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// MaxRecorded is how many events one scenario is written from.
const MaxRecorded = 200

// Recording is what a scenario is written from.
type Recording struct {
	// Events are those that the scenario shall show, the oldest first. Resets and changes among them are followed, so that
	// what comes behind them comes out as it did.
	Events []*event.Event
	// Integrations are those of the account that the events were recorded in, for their types; what is missing is guessed
	// from the events.
	Integrations []catalog.Integration
	// Earlier finds an event that is not among Events, such as the first of two with the same dedup_id; nil where it is
	// gone. A nil Earlier finds none.
	Earlier func(seq uint64) *event.Event
	// Missing says, a line each, what was asked for beside Events and is not there; it is told with what is left out.
	Missing []string
}

// Written is a scenario that was written, and has passed.
type Written struct {
	// YAML is the file: what was left out stands in comments at its head.
	YAML []byte
	// Steps is how many steps there are; LeftOut says, a sentence each, which events are not shown, and why.
	Steps   int
	LeftOut []string
}

// EmptyError says that nothing of a recording can be shown by a scenario.
type EmptyError struct{ LeftOut []string }

// Error names the first reason.
func (e *EmptyError) Error() string {
	if len(e.LeftOut) == 0 {
		return "there is no request to write a scenario from"
	}
	return "nothing of this can be written as a scenario: " + e.LeftOut[0]
}

// FromEvents writes a scenario that sends what was recorded again and expects the same answers. Its emulator begins with
// what the events need: their services, aliases and integrations (under other uuids), and an earlier deploy where a
// duplicate needs one. The scenario is run before it is returned, and what does not come out as it was recorded is left out
// and said; the error is an [*EmptyError] where nothing is left, and ctx's where that ends.
func FromEvents(ctx context.Context, r Recording) (Written, error) {
	if len(r.Events) > MaxRecorded {
		return Written{}, fmt.Errorf("%d events are more than a scenario is written from (%d)", len(r.Events), MaxRecorded)
	}
	without, raw := map[uint64]string{}, map[uint64]bool{}
	for {
		w := newWriter(r, without)
		w.raw = raw
		w.walk()
		if !w.sends() {
			return Written{}, &EmptyError{w.left}
		}
		text, err := w.text()
		if err != nil {
			return Written{}, err
		}
		at, why := w.try(ctx, text)
		switch {
		case ctx.Err() != nil:
			return Written{}, ctx.Err()
		case why == "":
			return Written{text, len(w.steps), w.left}, nil
		case at == 0:
			return Written{}, errors.New(why)
		}
		if w.tree(at) && !raw[at] { // perhaps the bytes themselves matter
			raw[at] = true
			continue
		}
		if _, again := without[at]; again { // it is not what went wrong
			return Written{}, errors.New(why)
		}
		without[at] = why
	}
}

// try runs what was written. Where it does not pass, at is the event whose step went wrong.
func (w *fromWriter) try(ctx context.Context, text []byte) (at uint64, why string) {
	s, err := Parse("scenario.yaml", text)
	if err != nil {
		for _, step := range w.steps { // one of them alone is what cannot be read
			alone := *w
			alone.steps = []fromStep{step}
			one, marshalErr := alone.text()
			if _, parseErr := Parse("scenario.yaml", one); marshalErr != nil || parseErr != nil {
				return step.seq, "it cannot be written down: " + firstLine(parseErr)
			}
		}
		return 0, firstLine(err)
	}
	for i, step := range w.steps {
		if send := s.Steps[i].Send; step.payload != nil && (send == nil || send.Payload == nil || !same(treeOf(send.Payload), treeOf(step.payload))) {
			return step.seq, "it cannot be written down"
		}
	}
	result := s.run(ctx, Options{})
	if result.Outcome == Passed {
		return 0, ""
	}
	if result.Step > 0 {
		at = w.steps[result.Step-1].seq
	}
	return at, "in an emulator of its own it does not come out as it was recorded: " + result.Why
}

// tree says whether the body of an event is written as a tree.
func (w *fromWriter) tree(seq uint64) bool {
	return slices.ContainsFunc(w.steps, func(s fromStep) bool { return s.seq == seq && s.payload != nil })
}

func firstLine(err error) string {
	if err == nil {
		return ""
	}
	var all yamlfile.Errors
	if errors.As(err, &all) && len(all) > 0 {
		return all[0].Message
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// sends says whether anything is sent at all.
func (w *fromWriter) sends() bool {
	for _, s := range w.steps {
		if s.step.Send != nil {
			return true
		}
	}
	return false
}

// fromFile is a [Scenario] as it is written: some steps stand in it in their short form.
type fromFile struct {
	Version int            `yaml:"version,required"`
	Name    string         `yaml:"name,required"`
	Account *yamlfile.Node `yaml:"account"`
	Now     *time.Time     `yaml:"now"`
	Steps   []any          `yaml:"steps,required"`
}

// written is the step, in its short form where it has no other.
func (s fromStep) written() any {
	switch {
	case s.step.Retire != nil:
		return map[string]string{"retire": s.step.Retire.Integration}
	case s.step.Reset != nil:
		return map[string]any{"reset": nil}
	}
	return s.step
}

// hide puts the scenario's uuids in place of the account's, in a text of ours: whoever has one can report deploys.
func (w *fromWriter) hide(text string) string {
	for _, e := range w.r.Events {
		if catalog.ValidUUID(e.Integration) {
			text = strings.ReplaceAll(text, e.Integration, w.standIn(e.Integration))
		}
	}
	return text
}

// text is the file.
func (w *fromWriter) text() ([]byte, error) {
	s := fromFile{Version: version, Name: w.hide(w.name()), Account: w.account()}
	if at := w.began(); !at.IsZero() {
		s.Now = &at
	}
	for _, step := range w.steps {
		s.Steps = append(s.Steps, step.written())
	}
	body, err := yamlfile.Marshal(s)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("# Written from what was recorded: it sends the same requests and expects the same answers. The account holds what\n# they need; the integrations have other uuids. `bubblelevel help scenario` explains the form.\n")
	for _, line := range w.notes {
		b.WriteString("# Note: " + event.Clean(w.hide(line), maxShown) + "\n")
	}
	for _, line := range w.left {
		b.WriteString("# Left out: " + event.Clean(w.hide(line), maxShown) + "\n")
	}
	b.Write(body)
	return b.Bytes(), nil
}
