package action

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxHead is how long the status line and headers of an answer may be.
const maxHead = 256 << 10

// readAnswer reads one answer. first is called when its first byte is there. Of the body at most keep bytes are kept and
// [ReadBody] are read. What was read comes back also beside an error.
func readAnswer(conn io.Reader, method string, keep int64, first func()) (*answer, error) {
	r := bufio.NewReader(conn)
	if _, err := r.Peek(1); err != nil {
		return nil, err
	}
	first()
	for {
		head, err := readHead(r)
		if err != nil {
			return nil, err
		}
		resp, err := http.ReadResponse(bufio.NewReader(io.MultiReader(bytes.NewReader(head), r)), &http.Request{Method: method})
		if err != nil {
			return nil, failure{NotHTTP, fmt.Errorf("the answer is not HTTP: %w", err)}
		}
		if resp.StatusCode >= 100 && resp.StatusCode < 200 && resp.StatusCode != http.StatusSwitchingProtocols {
			continue // 100 Continue and its like come before the answer
		}
		a := &answer{
			status: resp.StatusCode, proto: resp.Proto, headers: headersOf(head),
			reason: valid(strings.TrimSpace(strings.TrimPrefix(resp.Status, fmt.Sprint(resp.StatusCode)))),
		}
		return a, a.readBody(resp.Body, keep)
	}
}

// readHead reads the status line and the headers, as they are. net/http would change the names' case.
func readHead(r *bufio.Reader) ([]byte, error) {
	var head []byte
	for {
		part, err := r.ReadSlice('\n')
		head = append(head, part...)
		if n := min(len(head), len("HTTP/")); !strings.HasPrefix("HTTP/", string(head[:n])) {
			return nil, failure{NotHTTP, errors.New("the answer is not HTTP")}
		}
		if len(head) > maxHead {
			return nil, failure{NotHTTP, fmt.Errorf("the answer's headers are longer than %d KiB", maxHead>>10)}
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		if bytes.HasSuffix(head, []byte("\n\r\n")) || bytes.HasSuffix(head, []byte("\n\n")) {
			return head, nil
		}
	}
}

// headersOf are the header lines of a head that net/http has accepted. A line that begins with a blank goes on with the
// one before.
func headersOf(head []byte) []Header {
	var out []Header
	lines := strings.Split(string(head), "\n")
	for _, line := range lines[1:] {
		line = strings.TrimSuffix(line, "\r")
		name, value, ok := strings.Cut(line, ":")
		switch {
		case line == "":
		case (line[0] == ' ' || line[0] == '\t') && len(out) > 0:
			out[len(out)-1].Value += " " + valid(strings.TrimSpace(line))
		case ok:
			out = append(out, Header{valid(strings.TrimSpace(name)), valid(strings.Trim(value, " \t"))})
		}
	}
	return out
}

func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

func (a *answer) readBody(body io.Reader, keep int64) error {
	sum := sha256.New()
	kept := &prefix{limit: keep}
	n, err := io.Copy(io.MultiWriter(sum, kept), io.LimitReader(body, ReadBody))
	a.body, a.length, a.sha256 = kept.bytes, n, hex.EncodeToString(sum.Sum(nil))
	if err != nil {
		return err
	}
	if n == ReadBody {
		more, _ := io.ReadFull(body, make([]byte, 1))
		a.capped = more > 0
	}
	a.whole = !a.capped
	return nil
}

// prefix keeps the first bytes of what is written to it.
type prefix struct {
	limit int64
	bytes []byte
}

func (p *prefix) Write(b []byte) (int, error) {
	if room := p.limit - int64(len(p.bytes)); room > 0 {
		p.bytes = append(p.bytes, b[:min(int64(len(b)), room)]...)
	}
	return len(b), nil
}

// record is the answer as a firing records it.
func (a *answer) record() *Response {
	return &Response{
		Status: a.status, Proto: a.proto, Reason: a.reason, Headers: append([]Header(nil), a.headers...),
		Body: Bytes(a.body[:min(len(a.body), RecordBody)]), Length: a.length, SHA256: a.sha256, Complete: a.whole,
	}
}
