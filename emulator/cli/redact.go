package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// redactor takes e-mail addresses out of what leaves the machine. The same address always becomes the same word, so that
// who did what can still be told apart. Credentials were masked before anything was written down.
type redactor struct{ email *regexp.Regexp }

func newRedactor() redactor {
	return redactor{regexp.MustCompile(`[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}`)}
}

func (r redactor) text(s string) string {
	return r.email.ReplaceAllStringFunc(s, func(address string) string {
		if strings.HasPrefix(address, "git@") {
			return address // the address of a repository is nobody's
		}
		sum := sha256.Sum256([]byte(strings.ToLower(address)))
		return "redacted-" + hex.EncodeToString(sum[:4]) + "@example.invalid"
	})
}

// redactEvent is e with every text of it cleaned.
func redactEvent(e *event.Event, clean func(string) string) (*event.Event, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	var kept event.Event
	if err := json.Unmarshal(redactJSON(b, clean), &kept); err != nil {
		return nil, err
	}
	if q := kept.Request; q != nil && q.BodyLength == int64(len(e.Request.Body)) {
		q.BodyLength = int64(len(q.Body))
	}
	return &kept, nil
}

// redactJSON cleans the texts of a JSON document. Each is taken out of its escapes first: in "\nmary@..." the n is no letter.
func redactJSON(b []byte, clean func(string) string) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		start := bytes.IndexByte(b, '"')
		if start < 0 {
			break
		}
		end := start + 1
		for end < len(b) && b[end] != '"' {
			if b[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end+1, len(b))
		out = append(out, b[:start]...)
		out = append(out, redactLiteral(b[start:end], clean)...)
		b = b[end:]
	}
	return append(out, b...)
}

func redactLiteral(quoted []byte, clean func(string) string) []byte {
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return quoted
	}
	kept := clean(s)
	if kept == s {
		return quoted
	}
	b, err := json.Marshal(kept)
	if err != nil {
		return quoted
	}
	return b
}
