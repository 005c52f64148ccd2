package cli

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// noFollow would make an open fail on a symbolic link; here it does nothing.
const noFollow = 0

// terminate asks a command to end; there is no gentler way than that to a tree of processes.
const terminate = syscall.SIGTERM

// passedOn are the signals that exec passes on. Ctrl-C reaches the command by itself, as it has our console.
func passedOn() []os.Signal { return []os.Signal{os.Interrupt} }

func ends(s os.Signal) bool { return s == os.Interrupt || s == terminate }

// group is a command with the processes that it started: those of a job object, which outlives the command.
type group struct {
	process *os.Process
	job     job
}

func (g *group) prepare(*exec.Cmd, IO) {}

// started puts the command into a job. What it starts from then on is in it, too.
func (g *group) started(p *os.Process) {
	g.process = p
	g.job = newJob(p.Pid)
}

func (g *group) restore() { g.job.close() }

func (g *group) signal(s os.Signal) {
	if s != os.Interrupt {
		g.kill()
	}
}

// kill ends the tree of processes, and with the job what has lost its place in the tree.
func (g *group) kill() {
	_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(g.process.Pid)).Run() // gone is what was wanted
	g.job.kill()
}

// alive says whether something of the job still runs.
func (g *group) alive() bool { return g.job.active() > 0 }

func endOf(p *os.ProcessState) (code int, ended string) { return p.ExitCode(), "" }
