package emulator

// Kept counts the parsed templates that are kept, and the bytes of their sources.
func (r *Renderer) Kept() (templates, bytes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	sum := 0
	for key := range r.parsed {
		sum += len(key.source)
	}
	if sum != r.bytes || r.recent.Len() != len(r.parsed) {
		return len(r.parsed), -1
	}
	return len(r.parsed), sum
}
