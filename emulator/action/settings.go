package action

import "time"

// Defaults are the settings in force where a webhook sets none: nothing public says what OpsLevel's are.
func Defaults() Settings {
	return Settings{Timeout: Duration(10 * time.Second), RetryWait: Duration(time.Second), MaxBody: 1 << 20}
}

// or fills in what is zero.
func (s Settings) or(d Settings) Settings {
	if s.Timeout == 0 {
		s.Timeout = d.Timeout
	}
	if s.RetryWait == 0 {
		s.RetryWait = d.RetryWait
	}
	if s.MaxBody == 0 {
		s.MaxBody = d.MaxBody
	}
	if s.Retries == 0 {
		s.Retries = d.Retries
	}
	if s.Redirects == 0 {
		s.Redirects = d.Redirects
	}
	// More than is read cannot be kept, and a count that a typing mistake made huge must not hammer anybody.
	s.MaxBody = min(s.MaxBody, ReadBody)
	s.Retries = min(s.Retries, 10)
	s.Redirects = min(s.Redirects, 20)
	return s
}
