package cli

import "syscall"

// detachedProcess is DETACHED_PROCESS: a child without our console, so that its window can be closed.
const detachedProcess = 0x8

// ownSession takes a child off this console, so that neither Ctrl-C nor its end reaches it.
func ownSession() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: detachedProcess | syscall.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}
