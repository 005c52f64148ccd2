package emulator

import (
	"net"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// Recorded counts the deploys recorded for what alias belongs to.
func (s *Server) Recorded(alias string) int {
	return s.ledger.Known("", &deploy.Deploy{Service: alias}).Recorded
}

// Original is the event that holds a dedup_id.
func (s *Server) Original(integration, dedupID string) uint64 {
	return s.ledger.Known(integration, &deploy.Deploy{DedupID: dedupID}).Original
}

// UpstreamWaiting counts the deploys that wait for their turn to be relayed; -1 where none is under way.
func (s *Server) UpstreamWaiting() int { return s.upstream.Waiting() }

// ServeOn serves as Listen does, on a listener of the test's own.
func (s *Server) ServeOn(ln net.Listener) { s.serve([]net.Listener{ln}, s.Handler()) }

// Patience are the limits that a slow client meets: the head of a request, the whole of it, and the pause before the next.
func Patience() (head, whole, idle time.Duration) { return readHeaderTimeout, readTimeout, idleTimeout }

// Crowd are the limits of how much may be under way at once: connections of an address, and large bodies.
func Crowd() (connections, largeBodies int) { return maxConnections, maxLargeBodies }

// LargeBodies counts the large bodies that have a place.
func (s *Server) LargeBodies() int { return len(s.large) }
