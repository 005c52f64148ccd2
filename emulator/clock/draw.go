package clock

import (
	"hash/fnv"
	"math/rand/v2"
)

// Draw is a number from 0 up to, and without, 1 for the nth turn of a stream: drawn by chance, and always the same for
// the same seed, stream and n. So streams do not disturb each other, and a turn can be repeated by itself.
func Draw(seed uint64, stream string, n uint64) float64 {
	h := fnv.New64a()
	h.Write([]byte(stream))
	return rand.New(rand.NewPCG(seed^h.Sum64(), n)).Float64()
}
