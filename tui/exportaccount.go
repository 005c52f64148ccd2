package tui

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
)

// noAccountExport says why what this screen lists of the account cannot be written to a file.
func (u *ui) noAccountExport() string {
	if why := u.nothingHere(); why != "" {
		return why
	}
	if _, ok := u.src.(Exporter); !ok && u.screen() == u.catalogue {
		return "this emulator cannot write fixtures"
	}
	return u.connected()
}

// exportAccount writes what the screen lists: services as a fixture that can be loaded again, suggestions as lines of JSON.
func (u *ui) exportAccount() command {
	if u.screen() == u.suggested {
		return u.exportSuggestions()
	}
	var slugs []string
	for _, id := range u.catalogue.rows.ids {
		if s := u.catalogue.find(id); s != nil {
			slugs = append(slugs, s.Slug)
		}
	}
	x, path := u.src.(Exporter), u.exportPath("fixture-", ".yaml")
	return u.run(func(ctx context.Context) (func() command, error) {
		b, err := x.Fixture(ctx, slugs)
		if err == nil {
			err = writeNew(path, b)
		}
		return u.written(len(slugs), plural(len(slugs), " service", " services"), path, err), err
	})
}

func (u *ui) exportSuggestions() command {
	var out bytes.Buffer
	ids := u.suggested.rows.ids
	for _, id := range ids {
		if x := u.suggested.find(id); x != nil {
			line, err := json.Marshal(x)
			if err != nil {
				u.fail(err)
				return nil
			}
			text, _ := harmless(string(line))
			out.WriteString(text + "\n")
		}
	}
	n, path := len(ids), u.exportPath("suggestions-", ".jsonl")
	return u.run(func(context.Context) (func() command, error) {
		err := writeNew(path, out.Bytes())
		return u.written(n, plural(n, " suggestion", " suggestions"), path, err), err
	})
}

// exportPath is the name of a new file.
func (u *ui) exportPath(begins, ends string) string {
	return filepath.Join(u.o.Dir, begins+u.now().UTC().Format("20060102-150405")+ends)
}

// written says what stands in a file now; an error says so by itself.
func (u *ui) written(n int, of, path string, err error) func() command {
	return func() command {
		if err == nil {
			u.note(good, commas(n)+of+" in "+path)
		}
		return nil
	}
}
