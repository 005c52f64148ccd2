package journal

// deque is a queue in a ring that grows. The zero value is empty.
type deque struct {
	ring []record
	head int
	n    int
}

func (d *deque) len() int { return d.n }

func (d *deque) at(i int) record { return d.ring[(d.head+i)&(len(d.ring)-1)] }

func (d *deque) push(r record) {
	if d.n == len(d.ring) {
		grown := make([]record, max(16, 2*len(d.ring)))
		for i := range d.n {
			grown[i] = d.at(i)
		}
		d.ring, d.head = grown, 0
	}
	d.ring[(d.head+d.n)&(len(d.ring)-1)] = r
	d.n++
}

// pop takes the oldest, and lets go of its strings.
func (d *deque) pop() record {
	r := d.ring[d.head]
	d.ring[d.head] = record{}
	d.head = (d.head + 1) & (len(d.ring) - 1)
	d.n--
	return r
}

// search is the place of the first record whose seq is at least seq.
func (d *deque) search(seq uint64) int {
	lo, hi := 0, d.n
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); d.at(mid).seq < seq {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
