package scenarios

import (
	"context"
	"runtime"
	"testing"
)

func TestLibrary(t *testing.T) {
	report := Run(context.Background(), Library(), Options{Parallel: runtime.GOMAXPROCS(0)})
	for _, r := range report.Results {
		if r.Outcome != Passed {
			t.Errorf("%s is %s at %d:%d: %s\n%s\n%s", r.File, r.Outcome, r.Line, r.Column, r.Why, r.Excerpt, r.Text)
		}
	}
}
