package relay

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"sync/atomic"
)

// exchange sends one request and reads its answer.
func (r *Relay) exchange(q Request) Reply {
	ctx, done := r.within()
	defer done()
	if r.ctx.Err() != nil {
		return Reply{Failure: errStopped.Error()}
	}
	line, err := r.options.Connect(ctx)
	if err != nil {
		return Reply{Failure: r.explain(ctx, err)}
	}
	defer line.Close()
	stop := context.AfterFunc(ctx, func() { line.Close() })
	defer stop()
	var sent atomic.Bool
	written := make(chan struct{})
	go func() { // at the same time: an answer may come, and the connection end, before a large body was read
		defer close(written)
		n, _ := line.Write(packet(r.options.Target, q, line))
		sent.Store(n > 0)
	}()
	reply, err := r.read(line, q)
	line.Close()
	<-written
	if err != nil {
		return Reply{Failure: r.explain(ctx, err), Sent: sent.Load()}
	}
	reply.Sent = true
	return reply
}

// explain is why there is no answer, for people.
func (r *Relay) explain(ctx context.Context, err error) string {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errTimeout):
		return fmt.Sprintf("there was no whole answer within %s", r.options.Timeout)
	case cause != nil:
		return cause.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection ended before the whole answer was there"
	}
	return err.Error()
}

// packet is the request as bytes.
func packet(t Target, q Request, l Line) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: %s\r\n%s", t.line(q, l.Proxied), t.Host(), l.ProxyHeader)
	leave := hopByHop(q.Header)
	names := make([]string, 0, len(q.Header))
	for name := range q.Header {
		if !slices.Contains(leave, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range q.Header[name] {
			b.WriteString(name + ": " + v + "\r\n")
		}
	}
	// One request a connection, so that nothing is ever sent a second time on another.
	fmt.Fprintf(&b, "Content-Length: %d\r\nConnection: close\r\n\r\n", len(q.Body))
	b.WriteString(q.Body)
	return b.Bytes()
}

// hopByHop are the headers that belong to one connection (RFC 9110, section 7.6.1), those that Connection names among
// them, and those that are made anew.
func hopByHop(h http.Header) []string {
	names := []string{
		"Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer",
		"Transfer-Encoding", "Upgrade", "Host", "Content-Length", "Expect",
	}
	for _, v := range h["Connection"] {
		for name := range strings.SplitSeq(v, ",") {
			names = append(names, textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name)))
		}
	}
	return names
}

// capped reads so many bytes and no more.
type capped struct {
	from io.Reader
	left int64
}

var errTooLong = fmt.Errorf("the answer is longer than %d bytes, as none of OpsLevel's is", MaxAnswer)

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errTooLong
	}
	n, err := c.from.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

// read takes the whole answer from the connection.
func (r *Relay) read(conn io.Reader, q Request) (Reply, error) {
	from := &capped{conn, MaxAnswerHead}
	in := bufio.NewReader(from)
	resp, err := http.ReadResponse(in, &http.Request{Method: http.MethodPost})
	for n := 0; err == nil && resp.StatusCode/100 == 1 && resp.StatusCode != http.StatusSwitchingProtocols && n < maxInterim; n++ {
		resp, err = http.ReadResponse(in, &http.Request{Method: http.MethodPost})
	}
	switch {
	case errors.Is(err, errTooLong), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Reply{}, err
	case err != nil && from.left == MaxAnswerHead:
		return Reply{}, io.EOF // nothing was read at all
	case err != nil:
		return Reply{}, errors.New("what came back is not HTTP")
	case resp.StatusCode < 200 || resp.StatusCode > 599:
		return Reply{}, fmt.Errorf("the answer has the status %d, which is none of HTTP's final ones", resp.StatusCode)
	}
	from.left = 2*MaxAnswer + MaxAnswerHead // chunks have a frame
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxAnswer+1))
	if err != nil {
		return Reply{}, err
	}
	if len(body) > MaxAnswer {
		return Reply{}, errTooLong
	}
	return r.reply(resp, body, q), nil
}

// maxInterim is how many interim answers (100 Continue) are passed over.
const maxInterim = 8

// reply is the answer as the sender gets it.
func (r *Relay) reply(resp *http.Response, body []byte, q Request) Reply {
	target := r.options.Target
	h := http.Header{}
	leave := hopByHop(resp.Header)
	for name, values := range resp.Header {
		if slices.Contains(leave, name) {
			continue
		}
		for _, v := range values {
			h[name] = append(h[name], string(target.conceal([]byte(v), q.UUID)))
		}
	}
	plain, packed := unpack(resp.Header.Get("Content-Encoding"), body)
	hidden := target.conceal(plain, q.UUID)
	if !packed {
		body = hidden
	} else if len(hidden) != len(plain) || !bytes.Equal(hidden, plain) {
		delete(h, "Content-Encoding") // the bytes as they came would give the secret away
		body = hidden
	}
	return Reply{HTTP: resp.StatusCode, Header: h, Body: body, Said: Read(resp.StatusCode, resp.Header.Get("Content-Type"), hidden)}
}
