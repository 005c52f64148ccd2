//go:build !unix

package liquid

import "time"

// cpuTime is not known here; the deadline of the render is the bound.
func cpuTime() time.Duration { return 0 }
