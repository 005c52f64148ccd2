package cli

import (
	"fmt"
	"log/slog"
	goruntime "runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// build is what the binary knows of its making.
type build struct {
	Version string `json:"version"`
	// Commit and CommitDate (RFC 3339) are empty where the binary was not built in a checkout, as by go run.
	Commit     string `json:"commit,omitempty"`
	CommitDate string `json:"commit_date,omitempty"`
	// Modified: files differed from the commit.
	Modified bool   `json:"modified"`
	Go       string `json:"go"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

func theBuild() build {
	b := build{Version: "dev", Go: goruntime.Version(), OS: goruntime.GOOS, Arch: goruntime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.CommitDate = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// String is the build in one line.
func (b build) String() string {
	commit := "unknown commit"
	if b.Commit != "" {
		commit = "commit " + b.Commit
		if b.CommitDate != "" {
			commit += " of " + b.CommitDate
		}
		if b.Modified {
			commit += ", modified"
		}
	}
	return fmt.Sprintf("bubblelevel %s (%s, %s, %s/%s)", b.Version, commit, b.Go, b.OS, b.Arch)
}

func versionText() string { return theBuild().Version }

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Say which build this is",
		Example: "  bubblelevel version --output json",
		Args:    a.noArgs,
		RunE: running(func(*cobra.Command, []string) error {
			b := theBuild()
			if a.output == "json" {
				return a.printJSON(b)
			}
			_, err := fmt.Fprintln(a.Out, b)
			return err
		}),
	}
}

// logger prints what the rooms have to say to people on stderr: warnings, one line each.
func (a *app) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.Err, &slog.HandlerOptions{
		Level: slog.LevelWarn,
		ReplaceAttr: func(groups []string, attr slog.Attr) slog.Attr {
			if len(groups) == 0 && attr.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return attr
		},
	}))
}
