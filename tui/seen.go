package tui

import (
	"slices"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// seen is what the terminal UI has read of the journal, summed up for its lists.
type seen struct {
	rows   *ring
	last   uint64 // the newest seq that was read
	lost   uint64 // events that left the window before they could be read
	counts struct{ ok, duplicate, unknown, rejected, silent, faulted int }
	// requests and firings count what came in since the start or the last reset.
	requests int
	services map[string]*tally
	groups   map[uint64]*group // duplicates, by the deploy that was kept
	order    []uint64          // its keys, as they came
	firings  []uint64
	values   seenValues
	rate     rate
}

// tally is what came in for one service or alias.
type tally struct {
	deploys int
	last    time.Time
	envs    []count
}

type count struct {
	name string
	n    int
}

// group is the duplicates of one deploy.
type group struct {
	kept    uint64
	dedup   string
	alias   string
	dropped []uint64 // the newest, at most maxDropped
	n       int
	differ  int
	last    time.Time
}

const (
	maxDropped  = 256
	maxTallies  = 4096
	maxGroups   = 20_000
	maxEnvNames = 12
)

func newSeen() *seen {
	s := &seen{rows: newRing(maxRows)}
	s.clear()
	return s
}

// clear forgets everything but the last seq.
func (s *seen) clear() {
	last, rate, rows := s.last, s.rate, s.rows
	rows.first, rows.next = last+1, last+1
	*s = seen{rows: rows, last: last, rate: rate, services: map[string]*tally{}, groups: map[uint64]*group{}}
}

// take adds a row.
func (s *seen) take(r row) {
	if r.seq <= s.last {
		return
	}
	s.last = r.seq
	if r.kind == event.KindReset {
		s.clear()
	}
	s.rows.push(r)
	switch r.kind {
	case event.KindDeploy, event.KindCall:
		s.requests++
		s.deploy(&r)
	case event.KindFiring:
		s.firings = append(s.firings, r.seq)
	}
}

func (s *seen) deploy(r *row) {
	if r.worst == "silent" {
		s.counts.silent++
	}
	switch {
	case r.kind == event.KindCall:
		return
	case r.fault != "" && !r.spared:
		s.counts.faulted++
		return
	case r.result == deploy.OK:
		s.counts.ok++
		s.tally(r.service, r)
	case r.result == deploy.NoServiceFound:
		s.counts.unknown++
		s.tally(r.alias, r)
	case r.result == deploy.Duplicate:
		s.counts.duplicate++
		s.duplicate(r)
	default:
		s.counts.rejected++
	}
	s.values.add(r)
}

func (s *seen) tally(name string, r *row) {
	t := s.services[name]
	if t == nil {
		if len(s.services) >= maxTallies {
			return
		}
		t = &tally{}
		s.services[name] = t
	}
	t.deploys++
	t.last = r.at
	for i := range t.envs {
		if t.envs[i].name == r.env {
			t.envs[i].n++
			return
		}
	}
	if len(t.envs) < maxEnvNames {
		t.envs = append(t.envs, count{r.env, 1})
	}
}

func (s *seen) duplicate(r *row) {
	g := s.groups[r.dupOf]
	if g == nil {
		if len(s.order) >= maxGroups {
			delete(s.groups, s.order[0])
			s.order = s.order[1:]
		}
		g = &group{kept: r.dupOf, dedup: r.dedup, alias: r.alias}
		s.groups[r.dupOf] = g
		s.order = append(s.order, r.dupOf)
	}
	g.n++
	g.last = r.at
	if r.differs {
		g.differ++
	}
	if len(g.dropped) == maxDropped {
		g.dropped = slices.Delete(g.dropped, 0, 1)
	}
	g.dropped = append(g.dropped, r.seq)
}

// listRequests are the seqs of what came over the wire, and of what changed beside it.
func (s *seen) listRequests() (ids []uint64) {
	for seq := s.rows.first; seq < s.rows.next; seq++ {
		if s.rows.at(seq).request() {
			ids = append(ids, seq)
		}
	}
	return ids
}

// listFirings are the seqs of the firings that are still kept.
func (s *seen) listFirings() []uint64 {
	return slices.DeleteFunc(slices.Clone(s.firings), func(seq uint64) bool { return s.rows.at(seq) == nil })
}

// listGroups are the deploys whose dedup_id came again.
func (s *seen) listGroups() []uint64 { return slices.Clone(s.order) }

// seenValues are values of fields that came in, for the completion of a filter.
type seenValues struct{ services, envs, titles, findings []string }

const maxValues = 64

func (v *seenValues) add(r *row) {
	v.services = remember(v.services, r.alias)
	v.envs = remember(v.envs, r.env)
	v.findings = remember(v.findings, r.said)
	if r.result == deploy.Rejected {
		v.titles = remember(v.titles, r.title)
	}
}

func remember(all []string, s string) []string {
	if s == "" || len(all) >= maxValues || slices.Contains(all, s) {
		return all
	}
	return append(all, s)
}

// rate counts what came in over the last seconds.
type rate struct {
	buckets [rateSeconds]int
	second  int64 // that of the newest bucket
}

const rateSeconds = 12

func (r *rate) add(now time.Time, n int) {
	r.turn(now)
	r.buckets[r.second%rateSeconds] += n
}

// turn empties the buckets of the seconds that have passed.
func (r *rate) turn(now time.Time) {
	s := now.Unix()
	if s-r.second >= rateSeconds {
		r.buckets = [rateSeconds]int{}
		r.second = s
	}
	for r.second < s {
		r.second++
		r.buckets[r.second%rateSeconds] = 0
	}
}

// recent is the counts of the seconds, the oldest first.
func (r *rate) recent() []int {
	out := make([]int, 0, rateSeconds)
	for i := r.second + 1; i <= r.second+rateSeconds; i++ {
		out = append(out, r.buckets[i%rateSeconds])
	}
	return out
}

// perSecond is the mean of the last whole seconds.
func (r *rate) perSecond() int {
	all := r.recent()
	n := 0
	for _, x := range all[rateSeconds-4 : rateSeconds-1] {
		n += x
	}
	return max((n+1)/3, all[rateSeconds-1])
}

func (r *rate) quiet() bool { return r.buckets == [rateSeconds]int{} }

// bars draws counts, the highest one full.
func (g *glyphs) bars(counts []int) string {
	most := 1
	for _, n := range counts {
		most = max(most, n)
	}
	s := ""
	for _, n := range counts {
		if n == 0 {
			s += " "
			continue
		}
		s += g.spark[min(len(g.spark)-1, n*len(g.spark)/(most+1))]
	}
	return s
}
