package emulator_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/journal"
)

// The measure of all bars: http.ServeMux, ReadAll, json.Unmarshal into a map, a fixed 202.
func bareHandler() http.Handler {
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
		io.WriteString(w, okBody)
	})
	return mux
}

func startBare(b *testing.B) string {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := &http.Server{Handler: bareHandler()}
	go s.Serve(ln)
	b.Cleanup(func() { s.Close() })
	return ln.Addr().String()
}

const (
	benchConns  = 64
	benchRounds = 5
	benchRound  = 1500 * time.Millisecond
)

var benchID atomic.Uint64

// load posts from 64 keep-alive connections for one round and returns the deploys answered in a second.
func load(b *testing.B, address string) float64 {
	b.Helper()
	var answered atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	end := start.Add(benchRound)
	for range benchConns {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			b.Fatal(err)
		}
		wg.Go(func() {
			defer conn.Close()
			r := bufio.NewReader(conn)
			for time.Now().Before(end) {
				payload := strings.Replace(documented, "9ae54794", fmt.Sprintf("%08x", benchID.Add(1)), 1)
				io.WriteString(conn, rawPost(len(payload), payload))
				resp, err := http.ReadResponse(r, nil)
				if err != nil || resp.StatusCode != http.StatusAccepted {
					b.Errorf("answer %v, %v", resp, err)
					return
				}
				io.Copy(io.Discard, resp.Body)
				answered.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(answered.Load()) / time.Since(start).Seconds()
}

// BenchmarkDeploys prints deploys a second as a ratio to the bare handler, the median of interleaved rounds in one run,
// with the least and the greatest. The load comes from the same process and shares its cores.
func BenchmarkDeploys(b *testing.B) {
	for _, c := range []struct {
		name string
		sync journal.Sync
		file bool
	}{{"interval", journal.Interval, true}, {"always", journal.Always, true}, {"memory", journal.Interval, false}} {
		b.Run(c.name, func(b *testing.B) {
			bare := startBare(b)
			config := emulator.Config{Sync: c.sync}
			if c.file {
				config.Store = filepath.Join(b.TempDir(), "store.db")
			}
			s, err := emulator.New(config)
			if err != nil {
				b.Fatal(err)
			}
			if err := s.Listen(); err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			address := strings.TrimPrefix(s.URL(), "http://")
			load(b, address) // warm: the windows are full
			var ratios []float64
			var best float64
			for range benchRounds {
				floor := load(b, bare)
				got := load(b, address)
				best = max(best, got)
				ratios = append(ratios, got/floor)
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "of-bare")
			b.ReportMetric(ratios[0], "of-bare-least")
			b.ReportMetric(ratios[len(ratios)-1], "of-bare-most")
			b.ReportMetric(best, "deploys/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkStart is the time from exec to the first 202, with an empty store and with one of 10,000 deploys.
func BenchmarkStart(b *testing.B) {
	path, err := binary()
	if err != nil {
		b.Fatal(err)
	}
	store := filepath.Join(b.TempDir(), "store.db")
	s, err := emulator.New(emulator.Config{Store: store})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		b.Fatal(err)
	}
	for s.LastSeq() < 10_000 {
		load(b, strings.TrimPrefix(s.URL(), "http://"))
	}
	s.Close()
	for _, c := range []struct{ name, store string }{{"empty", ":memory:"}, {"10000", store}} {
		b.Run(c.name, func(b *testing.B) {
			home := b.TempDir()
			var took []time.Duration
			for range 15 {
				took = append(took, firstAnswer(b, path, home, c.store))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-to-202")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func firstAnswer(b *testing.B, path, home, store string) time.Duration {
	b.Helper()
	cmd := exec.Command(path, "serve", "--listen", "127.0.0.1:0", "--db", store)
	cmd.Env = []string{"HOME=" + home}
	cmd.Dir = home
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(line, "integration_url=")
	url, _, _ := strings.Cut(rest, " ")
	got := send(b, "POST", url, "application/json", body(fmt.Sprintf(`"dedup_id":"start-%d"`, benchID.Add(1))))
	took := time.Since(start)
	if got.status != http.StatusAccepted {
		b.Fatalf("answer %d", got.status)
	}
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	return took
}
