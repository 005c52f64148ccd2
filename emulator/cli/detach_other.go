//go:build !unix

package cli

import "syscall"

// ownSession has no other meaning here than a child of its own.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
