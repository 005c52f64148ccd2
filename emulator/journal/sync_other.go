//go:build !linux

package journal

import "os"

// syncFile returns when all that was written to the file is on the disk.
func syncFile(file *os.File) error { return file.Sync() }
