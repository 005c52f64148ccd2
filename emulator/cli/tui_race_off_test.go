//go:build unix && !race

package cli

import "testing"

// skipUnderRace skips a test that ends Bubble Tea v1, which closes the terminal while its own reader may still hold it.
func skipUnderRace(testing.TB) {}
