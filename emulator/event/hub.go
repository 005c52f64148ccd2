package event

import "sync"

// Hub tells live readers that the journal has grown. It never waits for anyone: a reader has a channel of one slot,
// which means "there is more than you have seen", and reads the journal itself from where it stands. So a slow reader
// costs nothing, and can always tell what it missed.
//
// The zero value is ready.
type Hub struct {
	mu   sync.Mutex
	subs map[chan struct{}]bool
}

// Subscribe returns a channel that holds a token whenever something was published since it was last drained, and the
// function that ends the subscription.
func (h *Hub) Subscribe() (more <-chan struct{}, cancel func()) {
	ch := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.subs == nil {
		h.subs = map[chan struct{}]bool{}
	}
	h.subs[ch] = true
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.subs, ch)
	}
}

// Publish wakes every reader.
func (h *Hub) Publish() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.subs {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}
