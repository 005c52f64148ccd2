package emulator

import (
	"errors"

	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// faultFile is a file of faults, in YAML or JSON.
type faultFile struct {
	Version int            `yaml:"version"`
	Faults  *yamlfile.Node `yaml:"faults,required"`
}

// ReadFaults reads a file of faults, in YAML or JSON: version: 1, which may be left out, and a list faults. It is strict:
// the error is a [yamlfile.Errors] with the place of all that is wrong. Notes are what is worth knowing.
func ReadFaults(name string, src []byte) (faults []fault.Fault, notes []yamlfile.Note, err error) {
	f, err := yamlfile.Parse(name, src)
	if err != nil {
		return nil, nil, err
	}
	if len(f.Docs) != 1 {
		return nil, nil, yamlfile.Errors{{File: name, Message: "the file holds no faults, or more than one document", Hint: "write faults: and a list"}}
	}
	doc := f.Docs[0]
	in := faultFile{Version: 1}
	notes, err = f.Decode(doc, &in, yamlfile.Options{})
	if err != nil {
		return nil, notes, err
	}
	if in.Version != 1 {
		return nil, notes, yamlfile.Errors{f.Errorf(doc.Get("version"), "write version: 1", "version %d is not known", in.Version)}
	}
	faults, more, err := DecodeFaults(f, in.Faults)
	return faults, append(notes, more...), err
}

// DecodeFaults reads a list of faults that is part of a file.
func DecodeFaults(f *yamlfile.File, list *yamlfile.Node) (faults []fault.Fault, notes []yamlfile.Note, err error) {
	notes, err = f.Decode(list, &faults, yamlfile.Options{At: "faults"})
	if err != nil {
		return nil, notes, err
	}
	var wrong yamlfile.Errors
	for i, x := range faults {
		if e := faultError(f, list.Items[i], x.Check()); e != nil && len(wrong) < yamlfile.MaxErrors {
			wrong = append(wrong, e)
		}
	}
	if len(wrong) > 0 {
		return nil, notes, wrong
	}
	// What only shows together: an id that comes twice, more than there may be.
	if _, err := fault.NewSet(0).AddAll(faults); err != nil {
		return nil, notes, yamlfile.Errors{f.Errorf(list, "", "%s", err.Error())}
	}
	return faults, notes, nil
}

// faultError is what is wrong with a fault, at the setting that is.
func faultError(f *yamlfile.File, at *yamlfile.Node, err error) *yamlfile.Error {
	var wrong *fault.CheckError
	if !errors.As(err, &wrong) {
		return nil
	}
	if n := at.Get(wrong.Field); n != nil {
		at = n
	}
	return f.Errorf(at, wrong.Hint, "%s", wrong.Error())
}
