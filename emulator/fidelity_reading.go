package emulator

// readingFidelity is how a request is read before it is judged.
func readingFidelity() []Behaviour {
	return []Behaviour{}
}
