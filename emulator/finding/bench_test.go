package finding

import "testing"

// Of runs for every request; on an ordinary deploy it must cost about a microsecond and allocate nothing.
func BenchmarkOf(b *testing.B) {
	for _, r := range []struct {
		name string
		c    *Case
	}{
		{"ordinary", given(healthy, environments("staging", "Production"), previous(3, `{"dedup_id":"x","deploy_number":"233"}`))},
		{"documented", given(documented)},
		{"duplicate", given(healthy, original(`{"environment":"staging"}`))},
	} {
		b.Run(r.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Of(r.c)
			}
		})
	}
}

func TestOrdinaryDeployAllocatesNothing(t *testing.T) {
	c := given(healthy, environments("staging", "Production"), previous(3, `{"dedup_id":"x","deploy_number":"233"}`))
	c.Wire.Path += "?agent=jenkins-1.2.6"
	if n := testing.AllocsPerRun(100, func() { Of(c) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
