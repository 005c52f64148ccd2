package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
)

// ways are what a network can do to a sender.
var ways = map[string]func(*hop, http.ResponseWriter, *http.Request){
	// The address was moved: http:// to https://, or to another host.
	"moved-301": func(h *hop, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, h.to, http.StatusMovedPermanently)
	},
	"moved-308": func(h *hop, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, h.to, http.StatusPermanentRedirect)
	},
	// The first request gets a 503 from a load balancer, and OpsLevel never sees it.
	"busy-once": func(h *hop, w http.ResponseWriter, r *http.Request) {
		if h.count.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		h.forward(w, r, true)
	},
	// The first request reaches OpsLevel, and its answer is lost on the way back.
	"answer-lost": func(h *hop, w http.ResponseWriter, r *http.Request) {
		h.forward(w, r, h.count.Add(1) > 1)
	},
	// A firewall lets the connection be made and nothing pass.
	"no-answer": func(_ *hop, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
}

// hop is one station between a sender and OpsLevel.
type hop struct {
	to    string
	count atomic.Int32
}

// network runs a command with a hop before the integration URL: network WAY COMMAND ARG...
func network(args []string) int {
	if len(args) < 2 || ways[args[0]] == nil {
		fmt.Fprintln(os.Stderr, "usage: network WAY COMMAND ARG...")
		return 2
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	h := &hop{to: os.Getenv("OPSLEVEL_INTEGRATION_URL")}
	go http.Serve(ln, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { ways[args[0]](h, w, r) }))
	cmd := exec.Command(args[1], args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	url := "http://" + ln.Addr().String() + "/integrations/deploy/behind-the-network"
	cmd.Env = append(os.Environ(), "OPSLEVEL_INTEGRATION_URL="+url, "OL_INTEGRATION_URL="+url)
	err = cmd.Run()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return failed.ExitCode()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 127
	}
	return 0
}

// forward hands a request on, and its answer back if it is not to be lost.
func (h *hop) forward(w http.ResponseWriter, r *http.Request, answered bool) {
	body, _ := io.ReadAll(r.Body)
	on, err := http.NewRequest(r.Method, h.to, bytes.NewReader(body))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	on.Header = r.Header.Clone()
	resp, err := http.DefaultClient.Do(on)
	if err != nil || !answered {
		panic(http.ErrAbortHandler) // the connection ends without an answer
	}
	defer resp.Body.Close()
	w.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
}
