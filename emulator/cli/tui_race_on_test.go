//go:build unix && race

package cli

import "testing"

// skipUnderRace skips a test that ends Bubble Tea v1, which closes the terminal while its own reader may still hold it.
func skipUnderRace(t testing.TB) {
	t.Helper()
	t.Skip("Bubble Tea v1 races with its own reader of the terminal when it ends")
}
