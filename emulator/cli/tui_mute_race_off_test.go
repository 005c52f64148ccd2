//go:build unix && !race

package cli_test

// raceDetector says that the tests run under it.
const raceDetector = false
