//go:build unix

package query_test

import (
	"syscall"
	"time"
)

// cpuTime is what this process has used of the processor, which a busy machine does not stretch.
func cpuTime() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
