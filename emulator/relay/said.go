package relay

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// Said is what an answer says about a deploy.
type Said struct {
	HTTP int
	// Result is the word of an accepted deploy, deploy.Rejected for all other answers.
	Result  deploy.Result
	Message string
	// Problems are the entries of the error document; one made of the status where the body is no such document.
	Problems    deploy.Problems
	ContentType string
	// Body is the body without its content coding.
	Body []byte
	// Strange says that the answer is none that OpsLevel is known to give to a deploy: a redirect, or a success that names no
	// known result. What became of the deploy cannot be told by it.
	Strange bool
}

// Title is that of the first problem.
func (s Said) Title() string {
	if len(s.Problems) == 0 {
		return ""
	}
	return s.Problems[0].Title
}

// Detail is that of the first problem.
func (s Said) Detail() string {
	if len(s.Problems) == 0 {
		return ""
	}
	return s.Problems[0].Detail
}

// Read makes sense of an answer.
func Read(status int, contentType string, body []byte) Said {
	s := Said{HTTP: status, ContentType: contentType, Body: body, Result: deploy.Rejected}
	if status/100 == 2 {
		var accepted struct {
			Result  deploy.Result `json:"result"`
			Message string        `json:"message"`
		}
		if json.Unmarshal(body, &accepted) == nil {
			switch accepted.Result {
			case deploy.OK, deploy.NoServiceFound, deploy.Duplicate:
				s.Result, s.Message = accepted.Result, accepted.Message
				return s
			}
		}
	}
	s.Strange = status < 400
	s.Problems = problems(status, body)
	return s
}

// maxProblems is how many entries of an error document are looked at.
const maxProblems = 32

// problems are the entries of an error document.
func problems(status int, body []byte) deploy.Problems {
	var document struct {
		Errors []struct {
			Title  string `json:"title"`
			Detail string `json:"detail"`
		} `json:"errors"`
	}
	var all deploy.Problems
	if status >= 400 && json.Unmarshal(body, &document) == nil {
		for _, e := range document.Errors[:min(len(document.Errors), maxProblems)] {
			all = append(all, deploy.Problem{Status: status, Title: e.Title, Detail: e.Detail, Field: field(e.Title, e.Detail)})
		}
	}
	if len(all) == 0 {
		all = deploy.Problems{{Status: status, Title: http.StatusText(status)}}
	}
	return all
}

// field is the parameter that an entry of the error document is about, as far as its documented form tells; empty for
// another form.
func field(title, detail string) string {
	if name, ok := strings.CutPrefix(detail, "param is missing or the value is empty: "); ok {
		name, _, _ = strings.Cut(name, "\n") // Rails may go on with "Did you mean?"
		return strings.TrimSpace(name)
	}
	for _, name := range []string{"service", "description", "deployed_at", "deployer"} {
		if title == deploy.Missing(name).Title {
			return name
		}
	}
	return ""
}

// unpack takes the content coding off a body. packed says that there was one that is known here; without it the body comes
// back as it is.
func unpack(coding string, body []byte) (plain []byte, packed bool) {
	var from io.Reader
	var err error
	switch strings.ToLower(strings.TrimSpace(coding)) {
	case "gzip", "x-gzip":
		from, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		from, err = zlib.NewReader(bytes.NewReader(body))
	default:
		return body, false
	}
	if err != nil {
		return body, false
	}
	plain, err = io.ReadAll(io.LimitReader(from, MaxAnswer+1))
	if err != nil || len(plain) > MaxAnswer {
		return body, false
	}
	return plain, true
}
