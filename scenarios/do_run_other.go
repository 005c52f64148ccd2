//go:build !unix

package scenarios

import (
	"os"
	"os/exec"
)

// Without process groups only the program itself is ended.
func alone(*exec.Cmd) {}

func end(*exec.Cmd) {}

func endingSignal(*os.ProcessState) int { return 0 }
