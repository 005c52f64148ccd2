// Command release builds what is handed out: static stripped binaries, archives of them, an OCI image and the checksums of
// all. What it writes depends on the commit and on the Go version alone: two builds are the same byte for byte.
//
//	go run ./.ci/release
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// everything is what a release is built for.
const everything = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	into := flags.String("out", "dist", "folder to write to; what an earlier build left there is removed")
	from := flags.String("from", ".", "root of the checkout to build")
	targets := flags.String("targets", everything, "systems to build for, as GOOS/GOARCH, separated by commas")
	modified := flags.Bool("modified", false, "build although files differ from the commit; the version then ends in \"+dirty\"")
	if err := flags.Parse(args); err != nil {
		return flag.ErrHelp
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("release takes no argument such as %q", flags.Arg(0))
	}
	r := release{source: *from, out: *into, modified: *modified, limit: maxBinary}
	for name := range strings.SplitSeq(*targets, ",") {
		t, err := parseTarget(name)
		if err != nil {
			return err
		}
		r.targets = append(r.targets, t)
	}
	return r.build(ctx, out)
}
