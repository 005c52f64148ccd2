package emulator

import (
	"io"
	"net"
	"net/http"
	"sync"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Limits of what may be under way at the same time. Who comes beyond them waits: nothing of it is refused, and those
// before it are each let go within the limits of time (see readTimeout and idleTimeout).
const (
	// maxConnections is how many connections one address serves. The rest wait to be accepted, and leave
	// the journal the files that it needs.
	maxConnections = 4096
	// maxLargeBodies is how many bodies are read beyond their first [event.MaxBody] bytes. A deploy is far below that.
	maxLargeBodies = 16
)

// places are how many may be somewhere at once.
type places chan struct{}

func (p places) leave() { <-p }

// door is a listener that hands on a connection only once there is a place for it. Who serves says when one is left.
type door struct {
	net.Listener
	places places
	closed chan struct{}
	once   sync.Once
}

func newDoor(ln net.Listener, p places) *door {
	return &door{Listener: ln, places: p, closed: make(chan struct{})}
}

// Accept waits for a connection, and then for a place. The other way round, each door would keep a place free for nobody.
func (d *door) Accept() (net.Conn, error) {
	conn, err := d.Listener.Accept()
	if err != nil {
		return nil, err
	}
	select {
	case d.places <- struct{}{}:
		return conn, nil
	case <-d.closed:
		conn.Close()
		return nil, net.ErrClosed
	}
}

// Close also ends the wait for a place.
func (d *door) Close() error {
	d.once.Do(func() { close(d.closed) })
	return d.Listener.Close()
}

// oneByOne lets only so many large bodies be read at a time.
func oneByOne(p places, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := r.ContentLength; n < 0 || n > event.MaxBody {
			body := &largeBody{ReadCloser: r.Body, places: p, before: event.MaxBody}
			defer body.leave()
			// A copy: net/http looks at the body of its own request to see whether it was read, and only if it was not
			// waits with the end of the connection until the client has the answer.
			r = r.WithContext(r.Context())
			r.Body = body
		}
		next.ServeHTTP(w, r)
	})
}

// largeBody is a body that needs a place from a number of bytes on, until it is read or given up.
type largeBody struct {
	io.ReadCloser
	places places
	// before is how many bytes may be read before that.
	before int
	inside bool
}

func (b *largeBody) Read(p []byte) (int, error) {
	if b.before > 0 {
		n, err := b.ReadCloser.Read(p[:min(len(p), b.before)])
		b.before -= n
		return n, err
	}
	if !b.inside {
		b.places <- struct{}{}
		b.inside = true
	}
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.leave()
	}
	return n, err
}

func (b *largeBody) leave() {
	if b.inside {
		b.inside = false
		b.places.leave()
	}
}
