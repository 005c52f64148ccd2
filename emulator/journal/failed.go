package journal

// Err is the [*FailedError] with which every Append is answered by now, nil while the store takes events.
func (j *Journal) Err() error {
	if f := j.failed.Load(); f != nil {
		return f
	}
	return nil
}

// ParseSync reads "interval" or "always".
func ParseSync(s string) (Sync, bool) {
	switch s {
	case "interval":
		return Interval, true
	case "always":
		return Always, true
	}
	return 0, false
}
