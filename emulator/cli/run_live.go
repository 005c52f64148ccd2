package cli

import (
	"fmt"
	"io"
	"sync"

	"github.com/bubblelevel/bubblelevel/scenarios"
)

// live shows on a terminal how far a run is: one line, which is written again and again and wiped at the end. Elsewhere
// it shows nothing.
type live struct {
	mu         sync.Mutex
	to         io.Writer
	all, ended int
	wrong      int
	silent     bool
}

func (a *app) live(all int) *live {
	return &live{to: a.Err, all: all, silent: !terminal(a.Err) || a.Getenv("TERM") == "dumb"}
}

// maxLiveName is how much of a name fits into the line.
const maxLiveName = 40

func (l *live) done(r scenarios.Result) {
	if l.silent {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended++; wrong(&r) {
		l.wrong++
	}
	name := []rune(cleanLine(r.Name))
	fmt.Fprintf(l.to, "\r\x1b[K%d of %d, %d wrong: %s", l.ended, l.all, l.wrong, string(name[:min(len(name), maxLiveName)]))
}

// end wipes the line.
func (l *live) end() {
	if !l.silent {
		fmt.Fprint(l.to, "\r\x1b[K")
	}
}
