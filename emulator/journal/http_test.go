package journal

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestHTTPRatio prints deploys a second as a ratio to a bare handler; JOURNAL_BENCH=1 runs it.
func TestHTTPRatio(t *testing.T) {
	var n atomic.Int64
	handler := func(j *Journal) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("POST /integrations/deploy/{uuid}", func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			var m map[string]any
			json.Unmarshal(b, &m)
			if j != nil {
				if _, err := j.Append(deployEvent(strconv.Itoa(int(n.Add(1))))); err != nil {
					t.Error(err)
				}
			}
			w.WriteHeader(202)
			io.WriteString(w, `{"result":"ok"}`)
		})
		return mux
	}
	type arm struct {
		name string
		addr string
		j    *Journal
		got  []float64
	}
	arms := []*arm{{name: "bare"}, {name: "memory", j: open(t, Options{})}, {name: "interval", j: open(t, Options{Path: path(t)})}, {name: "always", j: open(t, Options{Path: path(t), Sync: Always})}}
	for _, a := range arms {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		a.addr = ln.Addr().String()
		go http.Serve(ln, handler(a.j))
	}
	for range 5 {
		for _, a := range arms {
			a.got = append(a.got, load(t, a.addr, 64, 1500*time.Millisecond))
		}
	}
	for _, a := range arms {
		r := make([]float64, len(a.got))
		for i := range r {
			r[i] = a.got[i] / arms[0].got[i]
		}
		slices.Sort(r)
		slices.Sort(a.got)
		fmt.Printf("%-9s %7.0f/s ratio %.2f (%.2f-%.2f)\n", a.name, a.got[2], r[2], r[0], r[4])
		if a.j != nil {
			fmt.Printf("   %+v\n", a.j.Stats())
		}
	}
}

func load(t *testing.T, addr string, conns int, d time.Duration) float64 {
	var total atomic.Int64
	var wg sync.WaitGroup
	b := body("1")
	req := []byte(fmt.Sprintf("POST /integrations/deploy/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(b), b))
	stop := time.Now().Add(d)
	for range conns {
		wg.Go(func() {
			c, err := net.Dial("tcp", addr)
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			r := bufio.NewReader(c)
			for time.Now().Before(stop) {
				c.Write(req)
				clen := 0
				for {
					line, err := r.ReadSlice('\n')
					if err != nil {
						t.Error(err)
						return
					}
					if len(line) == 2 {
						break
					}
					if len(line) > 16 && string(line[:15]) == "Content-Length:" {
						clen, _ = strconv.Atoi(string(line[16 : len(line)-2]))
					}
				}
				r.Discard(clen)
				total.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(total.Load()) / d.Seconds()
}
