package relay

import (
	"bytes"
	"strconv"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// The fields that are compared, as [event.Difference.Field] names them. X-Request-Id, X-Runtime and Date are other in every
// answer and are not compared.
const (
	FieldHTTP        = "http"
	FieldResult      = "result"
	FieldTitle       = "title"
	FieldDetail      = "detail"
	FieldContentType = "content_type"
	FieldBody        = "body"
)

// maxValue is how much of a value a difference holds, in bytes.
const maxValue = 4 << 10

// Compare says in which fields the real answer differs from ours; nil for none.
func Compare(ours, theirs Said) (found []event.Difference) {
	for _, f := range []struct{ field, ours, theirs string }{
		{FieldHTTP, strconv.Itoa(ours.HTTP), strconv.Itoa(theirs.HTTP)},
		{FieldResult, string(ours.Result), string(theirs.Result)},
		{FieldTitle, ours.Title(), theirs.Title()},
		{FieldDetail, ours.Detail(), theirs.Detail()},
		{FieldContentType, ours.ContentType, theirs.ContentType},
	} {
		if f.ours != f.theirs {
			found = append(found, event.Difference{Field: f.field, Ours: short(f.ours), Theirs: short(f.theirs)})
		}
	}
	if !bytes.Equal(ours.Body, theirs.Body) {
		found = append(found, event.Difference{Field: FieldBody, Ours: short(string(ours.Body)), Theirs: short(string(theirs.Body))})
	}
	return found
}

func short(s string) string {
	if len(s) <= maxValue {
		return s
	}
	return s[:maxValue] + "…"
}
