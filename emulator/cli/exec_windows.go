package cli

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// terminate asks a command to end; there is no gentler way than that to a process group.
const terminate = syscall.SIGTERM

// passedOn are the signals that exec passes on. Ctrl-C reaches the command by itself, as it has our console.
func passedOn() []os.Signal { return []os.Signal{os.Interrupt} }

func ends(s os.Signal) bool { return s == os.Interrupt || s == terminate }

// group is a command with the processes that it started.
type group struct{ process *os.Process }

func (g *group) prepare(*exec.Cmd, IO) {}

func (g *group) started(p *os.Process) { g.process = p }

func (g *group) restore() {}

func (g *group) signal(s os.Signal) {
	if s != os.Interrupt {
		g.kill()
	}
}

// kill ends the tree of processes.
func (g *group) kill() {
	_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(g.process.Pid)).Run() // gone is what was wanted
}

// alive cannot be told here once the command itself has ended.
func (g *group) alive() bool { return false }

func endOf(p *os.ProcessState) (code int, ended string) { return p.ExitCode(), "" }
