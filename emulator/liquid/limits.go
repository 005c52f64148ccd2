package liquid

import "fmt"

// Limits bound what one template can cost. A zero field takes the default.
// Every growth is checked before memory is taken for it.
type Limits struct {
	SourceBytes int // length of a template or partial
	Nesting     int // open blocks at once; Ruby's own limit is 100, more is not allowed
	Iterations  int // turns of all loops, elements of all ranges and lists built
	Operations  int // nodes, filters, comparisons and steps of paths, all together
	OutputBytes int // rendered text, captured text included
	StringBytes int // one string that a filter builds
	ArrayItems  int // one list that a filter builds
	BigIntBits  int // one integer
	WorkBytes   int // text read or written by filters, all together
	Problems    int // problems and messages kept; more are dropped
	Spans       int // expressions whose place in the output is kept; more are dropped
}

// Defaults of Limits. Real payload templates stay a thousand times below them.
const (
	DefaultSourceBytes = 256 << 10
	DefaultNesting     = 100
	DefaultIterations  = 1 << 20
	DefaultOperations  = 4 << 20
	DefaultOutputBytes = 2 << 20
	DefaultStringBytes = 1 << 20
	DefaultArrayItems  = 100_000
	DefaultBigIntBits  = 4096
	DefaultWorkBytes   = 32 << 20
	DefaultProblems    = 1000
	DefaultSpans       = 20_000
)

func (l Limits) withDefaults() Limits {
	set := func(field *int, value int) {
		if *field <= 0 {
			*field = value
		}
	}
	set(&l.SourceBytes, DefaultSourceBytes)
	set(&l.Nesting, DefaultNesting)
	set(&l.Iterations, DefaultIterations)
	set(&l.Operations, DefaultOperations)
	set(&l.OutputBytes, DefaultOutputBytes)
	set(&l.StringBytes, DefaultStringBytes)
	set(&l.ArrayItems, DefaultArrayItems)
	set(&l.BigIntBits, DefaultBigIntBits)
	set(&l.WorkBytes, DefaultWorkBytes)
	set(&l.Problems, DefaultProblems)
	set(&l.Spans, DefaultSpans)
	l.Nesting = min(l.Nesting, DefaultNesting)
	return l
}

// LimitError says which bound a template met, or that the context ended.
type LimitError struct {
	Limit  string // the field of Limits, or "Context"
	Max    int    // its value; 0 for Context
	Line   int    // where rendering was, from 1; 0 before it began
	Column int    // in characters, from 1
	Err    error  // the context's error, or nil
}

// Error starts with Ruby's words for an exceeded resource limit.
func (e *LimitError) Error() string {
	if e.Err != nil {
		return "Liquid error: rendering was stopped: " + e.Err.Error()
	}
	return fmt.Sprintf("Liquid error: Memory limits exceeded (%s, at most %d)", e.Limit, e.Max)
}

// Unwrap answers the context's error.
func (e *LimitError) Unwrap() error { return e.Err }

// Path, with LineNumber and Cause below, makes osteele's render loop hand the error up as it is.
func (e *LimitError) Path() string { return e.Limit }

// LineNumber is Line.
func (e *LimitError) LineNumber() int { return e.Line }

// Cause is Err.
func (e *LimitError) Cause() error { return e.Err }

// contextStride is how many steps pass between two looks at the context.
const contextStride = 256

// step counts n turns of a loop.
func (r *run) step(n int64) error {
	r.steps += n
	if r.steps > int64(r.limits.Iterations) {
		return r.exceeded("Iterations", r.limits.Iterations)
	}
	if r.sinceCheck += n; r.sinceCheck >= contextStride {
		return r.checkContext()
	}
	return nil
}

// tick counts n operations.
func (r *run) tick(n int) error {
	if r.operations += n; r.operations > r.limits.Operations {
		return r.exceeded("Operations", r.limits.Operations)
	}
	if r.sinceCheck += int64(n); r.sinceCheck >= contextStride {
		return r.checkContext()
	}
	return nil
}

// What some operations cost, as bytes of work.
const (
	decimalWork = 256  // arithmetic on fractions
	dateWork    = 4096 // reading a date with many patterns
)

// work counts n bytes that a filter reads or writes.
func (r *run) work(n int) error {
	r.worked += n
	if r.worked > r.limits.WorkBytes {
		return r.exceeded("WorkBytes", r.limits.WorkBytes)
	}
	if r.sinceCheck += int64(1 + n>>12); r.sinceCheck >= contextStride {
		return r.checkContext()
	}
	return nil
}

func (r *run) checkContext() error {
	r.sinceCheck = 0
	if err := r.ctx.Err(); err != nil {
		line, column := r.here()
		return &LimitError{Limit: "Context", Err: err, Line: line, Column: column}
	}
	return nil
}

// weigh counts what reading the whole of v takes, before it is compared.
func (r *run) weigh(v Value) error {
	switch v := v.(type) {
	case string:
		return r.work(len(v))
	case []Value:
		for _, item := range v {
			if err := r.weigh(item); err != nil {
				return err
			}
		}
		return r.step(int64(len(v)))
	case *Hash:
		for i := range v.Len() {
			if err := r.weigh(v.entries[i].value); err != nil {
				return err
			}
		}
		return r.step(int64(v.Len()))
	}
	return nil
}

// checkString refuses a string of n bytes.
func (r *run) checkString(n int) error {
	if n > r.limits.StringBytes {
		return r.exceeded("StringBytes", r.limits.StringBytes)
	}
	return nil
}

// checkItems refuses a list of n elements.
func (r *run) checkItems(n int) error {
	if n > r.limits.ArrayItems {
		return r.exceeded("ArrayItems", r.limits.ArrayItems)
	}
	return nil
}

func (r *run) checkBits(n int) error {
	if n > r.limits.BigIntBits {
		return r.exceeded("BigIntBits", r.limits.BigIntBits)
	}
	return nil
}

// checkDigits refuses a number of n digits before it is read: reading is quadratic.
func (r *run) checkDigits(n int) error { return r.checkBits(n * 3) }

func (r *run) exceeded(limit string, max int) error {
	line, column := r.here()
	return &LimitError{Limit: limit, Max: max, Line: line, Column: column}
}
