package action

import "github.com/bubblelevel/bubblelevel/emulator/spell"

// nearest is the candidate that looks most like what was written, empty where none looks like it: half of the letters may
// differ, for the candidates are few and in sight of whoever wrote it. Letter case, dashes and underscores count for
// nothing.
func nearest(written string, candidates []string) (best string) {
	a, least := spell.Letters(written), spell.MaxWord+1
	for _, c := range candidates {
		b := spell.Letters(c)
		if d, ok := spell.Within(a, b, min(max(len(a), len(b))/2, least-1)); ok {
			best, least = c, d
		}
	}
	return best
}
