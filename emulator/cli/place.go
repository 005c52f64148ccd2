package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
)

// place is where the emulator of one working directory keeps its files: the user's state directory, so that nothing is
// left in the repository.
type place struct {
	store, ready, log string
}

// places are named after the working directory, with a digest of its whole path.
func (a *app) place() (place, error) {
	state, err := a.stateDir()
	if err != nil {
		return place{}, err
	}
	sum := sha256.Sum256([]byte(a.Dir))
	stem := filepath.Join(state, "bubblelevel", filepath.Base(a.Dir)+"-"+hex.EncodeToString(sum[:6]))
	return place{store: stem + ".db", ready: stem + ".ready.json", log: stem + ".log"}, nil
}

func (a *app) stateDir() (string, error) {
	if dir := a.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	if goruntime.GOOS == "windows" {
		if dir := a.Getenv("LOCALAPPDATA"); dir != "" {
			return dir, nil
		}
	}
	home := a.Getenv("HOME")
	if home == "" {
		return "", errors.New("neither XDG_STATE_HOME nor HOME is set")
	}
	if goruntime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support"), nil
	}
	return filepath.Join(home, ".local", "state"), nil
}

// ready is what a ready file says: how to reach an emulator that listens.
type ready struct {
	IntegrationURL string `json:"integration_url"`
	ControlURL     string `json:"control_url"`
	PID            int    `json:"pid"`
	Token          string `json:"token,omitempty"`
}

// write puts r at path in one step, so that who waits for the file never reads half of it.
func (r ready) write(path string) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".ready-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone after the rename
	_, err = f.Write(append(b, '\n'))
	if err := errors.Join(err, f.Chmod(0o600), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// readReady reads the ready file at path.
func readReady(path string) (r ready, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("%s is not a ready file: %w", path, err)
	}
	return r, nil
}

// removeReady takes away a ready file that is still ours.
func removeReady(path string) {
	if r, err := readReady(path); err == nil && r.PID == os.Getpid() {
		os.Remove(path)
	}
}
