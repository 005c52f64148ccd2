//go:build !race

package liquid

const raceDetector = false
