package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// bareCommand is the word by which this program runs itself as the bare handler.
const bareCommand = "bare-handler"

// serveBare is the measure of all bars: http.ServeMux, ReadAll, json.Unmarshal into a map, a fixed 202.
func serveBare() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /integrations/deploy/{uuid}", func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		var v map[string]any
		if err != nil || json.Unmarshal(b, &v) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(http.StatusAccepted)
		io.WriteString(w, `{"result":"ok"}`)
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	fmt.Printf("ready integration_url=http://%s/integrations/deploy/bare control_url=- pid=%d\n", ln.Addr(), os.Getpid())
	http.Serve(ln, mux)
}

// server is a process that answers deploys.
type server struct {
	cmd *exec.Cmd
	url string
	// control is its control API.
	control string
}

// start runs a program until it says where it answers.
func (r *run) start(program string, args ...string) (*server, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env = r.folder, []string{"HOME=" + r.folder}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var said bytes.Buffer // told only where it does not start
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	in := bufio.NewReader(out)
	line, err := in.ReadString('\n')
	if err != nil {
		return nil, errors.Join(err, cmd.Wait(), errors.New(said.String()))
	}
	go io.Copy(io.Discard, in)
	return &server{cmd: cmd, url: word(line, "integration_url="), control: word(line, "control_url=")}, nil
}

func (r *run) bare() (*server, error) { return r.start(r.self, bareCommand) }

func (r *run) serve(flags ...string) (*server, error) {
	return r.start(r.program, append([]string{"serve", "--listen", "127.0.0.1:0"}, flags...)...)
}

func (s *server) stop() {
	s.cmd.Process.Signal(os.Interrupt)
	s.cmd.Wait()
}

// word is the value behind key in the ready line.
func word(line, key string) string {
	_, rest, _ := strings.Cut(line, key)
	value, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	return value
}

// resident is the memory of the process in MiB.
func (s *server) resident() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), "VmRSS:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0, errors.New("no VmRSS in /proc")
	}
	kib, err := strconv.ParseFloat(fields[0], 64)
	return kib / 1024, err
}

// timed is how long a command takes.
func (r *run) timed(name string, args ...string) (time.Duration, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = r.folder, []string{"HOME=" + r.folder, "PATH=" + os.Getenv("PATH")}
	start := time.Now()
	err := cmd.Run()
	return time.Since(start), err
}
