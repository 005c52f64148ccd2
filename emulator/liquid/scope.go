package liquid

// scope holds the variables of one level: the template's assigns, or a loop's.
type scope struct {
	vars  []entry
	index map[string]int
}

func (s *scope) find(name string) int {
	if s.index != nil {
		if i, ok := s.index[name]; ok {
			return i
		}
		return -1
	}
	for i := range s.vars {
		if s.vars[i].key == name {
			return i
		}
	}
	return -1
}

func (s *scope) set(name string, v Value) {
	if i := s.find(name); i >= 0 {
		s.vars[i].value = v
		return
	}
	if s.vars == nil {
		s.vars = make([]entry, 0, 4)
	}
	s.vars = append(s.vars, entry{name, v})
	switch {
	case s.index != nil:
		s.index[name] = len(s.vars) - 1
	case len(s.vars) > 16:
		s.index = make(map[string]int, 32)
		for i, e := range s.vars {
			s.index[e.key] = i
		}
	}
}

// world is what Ruby calls a context: the levels of variables over the data,
// and what tags remember. A partial drawn by render gets a world of its own.
type world struct {
	scopes   []*scope // the innermost last; the first takes assigns
	data     Value    // the context given to Render: *Hash, or nil in a partial
	counters *scope   // increment and decrement write here, over data
	base     int      // nesting of worlds, for the limit on depth
	template string   // the partial being rendered
	memory   memory
}

// memory is what tags of a kind share. Ruby lets a rendered partial see the
// stores that exist already and keeps new ones from the outside, which is what
// copying this struct does.
type memory struct {
	cycles    map[cycleKey]int
	offsets   map[string]Value // where the next offset:continue starts
	loops     []*forLoop
	changed   string // the last output of ifchanged
	unchanged bool   // whether there was one
}

// variable answers the value of a name and whether anything has that name.
func (r *run) variable(name Value) (Value, bool) {
	key, isName := name.(string)
	if !isName {
		return nil, name != nil
	}
	w := r.world
	for i := len(w.scopes) - 1; i >= 0; i-- {
		if j := w.scopes[i].find(key); j >= 0 {
			return w.scopes[i].vars[j].value, true
		}
	}
	if w.counters != nil {
		if j := w.counters.find(key); j >= 0 {
			return w.counters.vars[j].value, true
		}
	}
	if h, ok := w.data.(*Hash); ok {
		if v, ok := h.Get(key); ok {
			return v, true
		}
	}
	if key == "self" {
		return selfObject{r, w}, true
	}
	return nil, false
}

// push opens a level of variables; Ruby allows 100 altogether.
func (r *run) push() error {
	w := r.world
	if w.base+len(w.scopes)+1 > DefaultNesting {
		return argumentError("Nesting too deep")
	}
	w.scopes = append(w.scopes, &scope{})
	return nil
}

func (r *run) pop() { r.world.scopes = r.world.scopes[:len(r.world.scopes)-1] }

// set gives a variable of the innermost level a value.
func (r *run) set(name string, v Value) { r.world.scopes[len(r.world.scopes)-1].set(name, v) }

// assign gives a variable of the whole template a value.
func (r *run) assign(name string, v Value) { r.world.scopes[0].set(name, v) }

// selfObject is the variable self: the variables of the world it was read in.
type selfObject struct {
	r *run
	w *world
}

func (s selfObject) property(name string) (Value, bool) {
	current := s.r.world
	s.r.world = s.w
	v, ok := s.r.variable(name)
	s.r.world = current
	return v, ok
}

func (s selfObject) rubyClass() string { return "Liquid::SelfDrop" }
