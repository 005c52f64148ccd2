// bubblelevel is a faithful local OpsLevel: it answers deploy webhooks as OpsLevel does and tells, beside the wire, what
// OpsLevel does not. See README.md.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/bubblelevel/bubblelevel/emulator/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal asks for an orderly end; from then on a second one has its usual effect.
	context.AfterFunc(ctx, stop)
	dir, _ := os.Getwd()
	os.Exit(cli.Run(ctx, os.Args[1:], cli.IO{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Dir: dir,
	}))
}
