//go:build unix

package cli

import "syscall"

// ownSession takes a child off this terminal, so that neither Ctrl-C nor its end reaches it.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
