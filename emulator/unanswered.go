package emulator

import (
	"slices"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// maxUnanswered is how many deploys without a real answer are remembered; then the oldest is forgotten. A sender tries
// again within minutes or not at all.
const maxUnanswered = 1000

// unanswered are deploys that were sent on and not answered, by dedup id, with the seq of the last try. The zero value is
// empty. The journal's writer alone uses it.
type unanswered struct {
	seqs  map[event.DedupKey]uint64
	order []event.DedupKey
}

func (u *unanswered) add(key event.DedupKey, seq uint64) {
	if u.seqs == nil {
		u.seqs = map[event.DedupKey]uint64{}
	}
	if _, there := u.seqs[key]; !there {
		if len(u.order) == maxUnanswered {
			delete(u.seqs, u.order[0])
			u.order = slices.Delete(u.order, 0, 1)
		}
		u.order = append(u.order, key)
	}
	u.seqs[key] = seq
}

// find is the event of a deploy that had no answer; 0 for none.
func (u *unanswered) find(key event.DedupKey) uint64 { return u.seqs[key] }
