package emulator

import (
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// silentGrace is how long the end waits for connections that are open and have not sent the head of a request yet: time
// enough for one that is on its way. net/http itself would give them five seconds.
const silentGrace = 200 * time.Millisecond

// silent are the connections of one server whose first request has not been read yet.
type silent struct{ conns sync.Map }

// watch is told by an http.Server's ConnState. It is called for each request, and does next to nothing for all but the first.
func (s *silent) watch(conn net.Conn, state http.ConnState) {
	if state == http.StateNew {
		s.conns.Store(conn, nil)
		return
	}
	s.conns.Delete(conn)
}

// closeSoon closes them after the grace, unless stop is called before. The time is the machine's: it is that of sockets,
// not that of the account.
func (s *silent) closeSoon() (stop func()) {
	fired, stopTimer := clock.System{}.After(silentGrace)
	stopped := make(chan struct{})
	go func() {
		defer stopTimer()
		select {
		case <-fired:
			s.conns.Range(func(conn, _ any) bool { conn.(net.Conn).Close(); return true })
		case <-stopped:
		}
	}()
	return sync.OnceFunc(func() { close(stopped) })
}
