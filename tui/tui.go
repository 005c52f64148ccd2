// Package tui is the terminal UI.
package tui

import (
	"context"
	"errors"

	_ "github.com/bubblelevel/bubblelevel/tui/quiet" // first: see its comment
)

// Run shows src on the terminal until ctx ends or the person quits.
func Run(ctx context.Context, src Source, o Options) error {
	return errors.New("not yet")
}
