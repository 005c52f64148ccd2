package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// watchPace is how often files are looked at: soon enough for a person, and next to no work.
const watchPace = 200 * time.Millisecond

// watchRender renders now and whenever a file is saved, until ctx ends. What goes wrong is printed, and the watch goes
// on: the next save may mend it.
func (a *app) watchRender(ctx context.Context, b *workbench, name string) error {
	files := a.watched(b, name)
	var broken error
	watch(ctx, clock.System{}, files, func(first bool) bool {
		if !first {
			fmt.Fprintf(a.Err, "%s\n", a.paint(a.Err, bold, "-- saved, rendered again"))
		}
		err := a.renderOnce(ctx, b, name)
		var f *failure
		if err != nil && !errors.As(err, &f) {
			broken = err // stdout is gone, or the watch has ended
			return false
		}
		a.report(err)
		return true
	})
	if ctx.Err() != nil {
		return nil // Ctrl-C is how a watch ends
	}
	return broken
}

// watched are the files that the output depends on.
func (a *app) watched(b *workbench, name string) []string {
	files := []string{a.inDir(name)}
	if !contains(action.NamedContexts(), b.context) {
		files = append(files, a.inDir(b.context))
	}
	if b.response != "" && !contains(action.NamedResponses(), b.response) {
		files = append(files, a.inDir(b.response))
	}
	if b.golden != "" {
		files = append(files, a.inDir(b.golden))
	}
	return files
}

// fileMark is what changes when a file is saved. A file that is not there, as between the two steps of an editor that
// saves by renaming, has the zero mark.
type fileMark struct {
	changed int64
	size    int64
}

func marksOf(files []string) []fileMark {
	marks := make([]fileMark, len(files))
	for i, name := range files {
		if at, err := os.Stat(name); err == nil {
			marks[i] = fileMark{at.ModTime().UnixNano(), at.Size()}
		}
	}
	return marks
}

// watch calls each at once and again after every change of a file, until it answers false or ctx ends.
func watch(ctx context.Context, c clock.Clock, files []string, each func(first bool) bool) {
	var last []fileMark
	for {
		now := marksOf(files)
		if last == nil || changed(last, now) {
			first := last == nil
			if last = now; !each(first) {
				return
			}
		}
		next, stop := c.After(watchPace)
		select {
		case <-next:
		case <-ctx.Done():
			stop()
			return
		}
	}
}

// changed says that a file was saved; one that has gone is waited for.
func changed(last, now []fileMark) bool {
	for i := range now {
		if now[i] != last[i] && now[i] != (fileMark{}) {
			return true
		}
	}
	return false
}
