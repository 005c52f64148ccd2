package fault

import "time"

// DefaultHold is how long no_answer holds a connection at most.
const DefaultHold = 2 * time.Minute

func noAnswerDoc() KindDoc {
	return KindDoc{
		Kind: KindNoAnswer, Settings: []string{"delay"},
		Doc:     "Says nothing and holds the connection until the client gives up, or the delay (2m) has passed. Nothing is recorded.",
		Example: "bubblelevel faults add no_answer --first 1",
		read: func(f Fault) (effect, *CheckError) {
			hold, err := f.delays(DefaultHold)
			return plain{KindNoAnswer, hold}, err
		},
	}
}

func resetDoc() KindDoc {
	return KindDoc{
		Kind: KindReset, Settings: []string{"delay"}, read: readPlain,
		Doc:     "Resets the connection (TCP RST) without an answer. Nothing is recorded.",
		Example: "bubblelevel faults add reset --every 3",
	}
}

func emptyDoc() KindDoc {
	return KindDoc{
		Kind: KindEmpty, Settings: []string{"delay"}, read: readPlain,
		Doc:     "Closes the connection without a byte. Nothing is recorded.",
		Example: "bubblelevel faults add empty --probability 0.2",
	}
}

func lostAnswerDoc() KindDoc {
	return KindDoc{
		Kind: KindLostAnswer, Judged: true, Settings: []string{"delay"}, read: readPlain,
		Doc:     "The deploy is judged and recorded as usual; then the connection is closed without a byte. Shows whether a retry carries the same dedup_id.",
		Example: "bubblelevel faults add lost_answer --first 1",
	}
}
