//go:build unix

package cli

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"unsafe"
)

// noFollow makes an open fail on a symbolic link.
const noFollow = syscall.O_NOFOLLOW

// terminate is the signal that asks a command to end.
const terminate = syscall.SIGTERM

// passedOn are the signals that exec passes on. One that was ignored when we began (nohup) stays ignored.
func passedOn() []os.Signal {
	all := []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// ends says whether a signal means that the command shall end.
func ends(s os.Signal) bool {
	return s == syscall.SIGINT || s == syscall.SIGTERM || s == syscall.SIGHUP
}

// group is the process group of a command.
type group struct {
	id int
	// terminal is the one whose foreground the group has while it runs; nil where we did not have it ourselves.
	terminal *os.File
}

// prepare gives cmd a process group of its own. On a terminal that is ours the group gets the foreground, since the
// system stops a program in the background that reads from it.
func (g *group) prepare(cmd *exec.Cmd, stdio IO) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	for _, stream := range []any{stdio.In, stdio.Out, stdio.Err} {
		f, ok := stream.(*os.File)
		if !ok {
			continue
		}
		if front, err := foreground(f); err == nil && front == syscall.Getpgrp() {
			g.terminal = f
			cmd.SysProcAttr.Foreground = true
			cmd.SysProcAttr.Ctty = int(f.Fd())
			return
		}
	}
}

// started takes note of the group, which has the number of its first process.
func (g *group) started(p *os.Process) { g.id = p.Pid }

// restore takes the foreground of the terminal back.
func (g *group) restore() {
	if g.terminal == nil {
		return
	}
	// Who takes the foreground from the background is stopped, unless the signal that does it is ignored.
	signal.Ignore(syscall.SIGTTOU)
	defer signal.Reset(syscall.SIGTTOU)
	own := int32(syscall.Getpgrp())
	_, _, _ = syscall.Syscall(syscall.SYS_IOCTL, g.terminal.Fd(), syscall.TIOCSPGRP, uintptr(unsafe.Pointer(&own)))
}

// foreground is the process group in front of a terminal; an error for anything that is none, or not ours.
func foreground(f *os.File) (int, error) {
	var id int32
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TIOCGPGRP, uintptr(unsafe.Pointer(&id)))
	if errno != 0 {
		return 0, errno
	}
	return int(id), nil
}

func (g *group) signal(s os.Signal) {
	if n, ok := s.(syscall.Signal); ok {
		_ = syscall.Kill(-g.id, n) // gone is what was wanted
	}
}

func (g *group) kill() { _ = syscall.Kill(-g.id, syscall.SIGKILL) }

// alive says whether a process of the group still runs. One that has ended and that nobody has asked for (a container
// whose first process does not) runs no more.
func (g *group) alive() bool {
	if syscall.Kill(-g.id, 0) == syscall.ESRCH {
		return false
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		if state, id := processOf(name); id == g.id && state != "Z" && state != "X" {
			return true
		}
	}
	return len(stats) == 0 // not Linux: the system's word alone
}

// processOf reads state and process group out of /proc/PID/stat, where the name of the program, in brackets, can hold
// anything.
func processOf(name string) (state string, group int) {
	b, err := os.ReadFile(name)
	if err != nil {
		return "", 0
	}
	text := string(b)
	text = text[strings.LastIndexByte(text, ')')+1:]
	var parent int
	if _, err := fmt.Sscan(text, &state, &parent, &group); err != nil {
		return "", 0
	}
	return state, group
}

// endOf is the exit code of a shell for a process that has ended, and the signal that ended it.
func endOf(p *os.ProcessState) (code int, ended string) {
	if s, ok := p.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		return 128 + int(s.Signal()), fmt.Sprintf("signal %d (%s)", int(s.Signal()), s.Signal())
	}
	return p.ExitCode(), ""
}
