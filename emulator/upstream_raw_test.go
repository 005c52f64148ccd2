package emulator_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
)

// rawUpstream is a TCP server that takes requests apart by hand: what arrived is looked at to the byte, and what is
// answered is up to the test.
type rawUpstream struct {
	address string
	mu      sync.Mutex
	arrived [][]byte
}

const okAnswer = "HTTP/1.1 202 Accepted\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 15\r\n\r\n{\"result\":\"ok\"}"

func startRaw(t testing.TB, answer func(n int, request []byte, conn net.Conn)) *rawUpstream {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &rawUpstream{address: ln.Addr().String()}
	var working sync.WaitGroup
	t.Cleanup(func() { ln.Close(); working.Wait() })
	working.Add(1)
	go func() {
		defer working.Done()
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			working.Add(1)
			go func() {
				defer working.Done()
				defer conn.Close()
				request := readRaw(conn)
				r.mu.Lock()
				r.arrived = append(r.arrived, request)
				n := len(r.arrived)
				r.mu.Unlock()
				answer(n, request, conn)
			}()
		}
	}()
	return r
}

// readRaw reads a request with a Content-Length, byte for byte.
func readRaw(conn net.Conn) []byte {
	var all bytes.Buffer
	in := bufio.NewReader(io.TeeReader(conn, &all))
	length := 0
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == "\r\n" {
			break
		}
		if v, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			length, _ = strconv.Atoi(strings.TrimSpace(v))
		}
	}
	io.CopyN(io.Discard, in, int64(length))
	return all.Bytes()
}

func (r *rawUpstream) requests() [][]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.arrived)
}

func (r *rawUpstream) url() string { return "http://" + r.address + "/integrations/deploy/" + realUUID }

func says(answer string) func(int, []byte, net.Conn) {
	return func(_ int, _ []byte, conn net.Conn) { io.WriteString(conn, answer) }
}

// writePost writes a request by hand and returns the whole answer.
func writePost(t testing.TB, s *emulator.Server, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, request)
	b, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
