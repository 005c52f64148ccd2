package tui

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
)

func (u *ui) noScenario() string {
	if _, ok := u.src.(Exporter); !ok {
		return "this emulator cannot write scenarios"
	}
	if u.selected() == nil {
		return "there is no request here"
	}
	return u.connected()
}

// export writes events as lines of JSON: the marked ones, else all that the list shows.
func (u *ui) export() command {
	ids := u.exported()
	if len(ids) == 0 {
		u.note(again, "there is nothing to export")
		return nil
	}
	path := filepath.Join(u.o.Dir, "bubblelevel-"+u.now().UTC().Format("20060102-150405")+".jsonl")
	src := u.src
	return u.run(func(ctx context.Context) (func() command, error) {
		n, err := exportTo(ctx, src, ids, path)
		return func() command {
			switch {
			case err == nil && n < len(ids):
				u.note(again, commas(n)+" of "+commas(len(ids))+" events in "+path+"; the others have left the window")
			case err == nil:
				u.note(good, commas(n)+plural(n, " event", " events")+" in "+path)
			}
			return nil
		}, err
	})
}

// exported are the seqs of the marked events, else of all that the list shows: of a duplicate that which was kept and those
// that were dropped.
func (u *ui) exported() (ids []uint64) {
	l := u.screen().list()
	switch {
	case len(l.marks) > 0:
		return l.chosen()
	case u.screen() != u.duplicates:
		return slices.Clone(l.ids)
	}
	for _, kept := range l.ids {
		if g := u.seen.groups[kept]; g != nil {
			ids = append(append(ids, kept), g.dropped...)
		}
	}
	slices.Sort(ids)
	return ids
}

func exportTo(ctx context.Context, src Source, ids []uint64, path string) (n int, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	after := ids[0] - 1
	for len(ids) > 0 {
		b, err := src.Events(ctx, after, searchPage)
		if err != nil || len(b.Events) == 0 {
			return n, err
		}
		var out bytes.Buffer
		for _, e := range b.Events {
			after = e.Seq
			for len(ids) > 0 && ids[0] < e.Seq {
				ids = ids[1:]
			}
			if len(ids) > 0 && ids[0] == e.Seq {
				line, err := json.Marshal(e)
				if err != nil {
					return n, err
				}
				text, _ := harmless(string(line))
				out.WriteString(text + "\n")
				n++
			}
		}
		if _, err := f.Write(out.Bytes()); err != nil {
			return n, err
		}
	}
	return n, nil
}

// scenario copies or writes a scenario of the marked requests, else of the one under the cursor.
func (u *ui) scenario(toClipboard bool) command {
	x := u.src.(Exporter)
	ids := u.screen().list().chosen()
	if u.screen() == u.duplicates {
		ids = []uint64{u.duplicates.rows.at(), u.duplicates.dropped()}
	}
	path := filepath.Join(u.o.Dir, "scenario-"+u.now().UTC().Format("20060102-150405")+".yaml")
	return u.run(func(ctx context.Context) (func() command, error) {
		b, err := x.Scenario(ctx, ids)
		if err != nil || toClipboard {
			return func() command {
				if err != nil {
					return nil
				}
				return u.copy(string(b))
			}, err
		}
		err = writeNew(path, b)
		return func() command {
			if err == nil {
				u.note(good, "scenario in "+path)
			}
			return nil
		}, err
	})
}

func writeNew(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
