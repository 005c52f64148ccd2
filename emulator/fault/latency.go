package fault

import "time"

// latency makes the sender wait.
type latency struct{ delay, jitter time.Duration }

func latencyDoc() KindDoc {
	return KindDoc{
		Kind: KindLatency, Judged: true, Settings: []string{"delay", "jitter"}, read: readLatency,
		Doc:     "Answers late: after the delay (1s), and up to the jitter longer. The deploy is judged as usual, before the wait.",
		Example: "bubblelevel faults add latency --delay 5s --jitter 2s 'environment:Production'",
	}
}

func readLatency(f Fault) (effect, *CheckError) {
	delay, err := f.delays(time.Second)
	if err != nil {
		return nil, err
	}
	jitter, err := bounded("jitter", f.Jitter, 0, MaxDelay-delay)
	return latency{delay, jitter}, err
}

func (l latency) hit(luck float64) Hit {
	return Hit{Kind: KindLatency, Delay: l.delay + time.Duration(luck*float64(l.jitter))}
}
