//go:build !windows

package emulator

import "syscall"

const errAddrInUse = syscall.EADDRINUSE
