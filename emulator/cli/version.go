package cli

import (
	"encoding/json"
	"fmt"
	"log/slog"
	goruntime "runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// build is what the binary knows of its making.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
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
	dirty := false
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			dirty = s.Value == "true"
		}
	}
	if dirty && b.Commit != "" {
		b.Commit += " (modified)"
	}
	return b
}

func versionText() string { return theBuild().Version }

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say which build this is",
		Args:  cobra.NoArgs,
		RunE: running(func(*cobra.Command, []string) error {
			b := theBuild()
			if a.output == "json" {
				return json.NewEncoder(a.Out).Encode(b)
			}
			commit := b.Commit
			if commit == "" {
				commit = "unknown commit"
			}
			_, err := fmt.Fprintf(a.Out, "bubblelevel %s (%s, %s, %s/%s)\n", b.Version, commit, b.Go, b.OS, b.Arch)
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
