package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// connections are as many as the bar names.
const connections = 64

// payload is that of OpsLevel's page, with an id of its own each time.
const payload = `{"dedup_id": "%016x","service": "shopping_cart","deployer": {"id": "1a9f841f-9a3d-4423-a05a-7e9c31a02b16",` +
	`"email": "mscott@example.test","name": "Michael Scott"},"deployed_at": "2026-02-01 13:28:33","environment": "%s",` +
	`"description": "Deployed by CI Pipeline: Deploy #234","deploy_url": "https://heroku.deploys.com","deploy_number": "234",` +
	`"commit": {"sha": "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5","message": "Merge branch 'fix-tax-rate' into 'master'",` +
	`"branch": "master","date": "2026-02-01 09:23:43","committer_name": "Michael Scott","committer_email": "mscott@example.test",` +
	`"author_name": "Michael Scott","author_email": "mscott@example.test","authoring_date": "2026-02-01 09:23:43"}}`

var ids atomic.Uint64

// sender posts deploys over one connection, with as little work of its own as can be.
type sender struct {
	conn net.Conn
	in   *bufio.Reader
	head string
	out  []byte
	// body is that of the last answer.
	body []byte
}

func dial(address string) (*sender, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		return nil, err
	}
	head := "POST " + u.Path + " HTTP/1.1\r\nHost: " + u.Host + "\r\nUser-Agent: bench\r\nContent-Type: application/json\r\nContent-Length: "
	return &sender{conn: conn, in: bufio.NewReader(conn), head: head}, nil
}

// post sends one deploy of its own and waits for its 202.
func (s *sender) post() error {
	status, err := s.postAs(ids.Add(1), "Production")
	if err == nil && status != http.StatusAccepted {
		err = fmt.Errorf("answer %d", status)
	}
	return err
}

// postAs sends the deploy with that id and returns the status of the answer.
func (s *sender) postAs(id uint64, environment string) (status int, err error) {
	const idDigits, verbs = 16, len("%016x%s")
	s.out = append(s.out[:0], s.head...)
	s.out = strconv.AppendInt(s.out, int64(len(payload)-verbs+idDigits+len(environment)), 10)
	s.out = append(s.out, "\r\n\r\n"...)
	s.out = fmt.Appendf(s.out, payload, id, environment)
	if _, err := s.conn.Write(s.out); err != nil {
		return 0, err
	}
	length := 0
	for first := true; ; first = false {
		line, err := s.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if first {
			if len(line) < len("HTTP/1.1 202") {
				return 0, fmt.Errorf("answer %q", line)
			}
			status, err = strconv.Atoi(string(line[9:12]))
			if err != nil {
				return 0, err
			}
		}
		if len(line) == 2 {
			break
		}
		if rest, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, _ = strconv.Atoi(string(bytes.TrimSpace(rest)))
		}
	}
	s.body = slices.Grow(s.body[:0], length)[:length]
	_, err = io.ReadFull(s.in, s.body)
	return status, err
}

// full posts from all connections as fast as it goes, and returns the deploys answered in a second.
func full(address string, during time.Duration) (float64, error) {
	var answered atomic.Int64
	took, err := each(connections, address, func(s *sender, start time.Time) error {
		for time.Since(start) < during {
			if err := s.post(); err != nil {
				return err
			}
			answered.Add(1)
		}
		return nil
	})
	return float64(answered.Load()) / took.Seconds(), err
}

// paced posts 800 deploys a second from 8 connections and returns the 99th percentile of how long an answer took.
func paced(address string, during time.Duration) (p99 time.Duration, err error) {
	const rate, from = 800, 8
	var mu sync.Mutex
	var all []time.Duration
	_, err = each(from, address, func(s *sender, start time.Time) error {
		var took []time.Duration
		tick := time.NewTicker(time.Second * from / rate)
		defer tick.Stop()
		for time.Since(start) < during {
			<-tick.C
			at := time.Now()
			if err := s.post(); err != nil {
				return err
			}
			took = append(took, time.Since(at))
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, took...)
		return nil
	})
	if err != nil || len(all) == 0 {
		return 0, err
	}
	slices.Sort(all)
	return all[len(all)*99/100], nil
}

// each runs work on n connections at once.
func each(n int, address string, work func(*sender, time.Time) error) (time.Duration, error) {
	var wg sync.WaitGroup
	var failed atomic.Pointer[error]
	start := time.Now()
	for range n {
		s, err := dial(address)
		if err != nil {
			return 0, err
		}
		wg.Go(func() {
			defer s.conn.Close()
			if err := work(s, start); err != nil {
				failed.CompareAndSwap(nil, &err)
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return time.Since(start), nil
}
