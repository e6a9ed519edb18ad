package main

// recursiveFunctions tells by index which functions need a tick at their entry,
// so that every cycle of calls has one. An indirect call has one of its own, an
// interpreter's function always gets one, and a function that counts on its own at
// its entry needs none: what is left is cycles of direct calls between other
// functions.
func (m *module) recursiveFunctions(code []byte) ([]bool, error) {
	calls := make([][]uint32, len(m.types))
	interpreters := make([]bool, len(m.types))
	counts := make([]bool, len(m.types))
	r := &reader{b: code}
	n := r.u32()
	for i := range n {
		from := uint32(m.imported) + i
		body := &reader{b: r.take(int(r.u32()))}
		for range body.u32() {
			body.u32()
			body.byte()
		}
		var err error
		if counts[from], err = m.countsAtEntry(body.b); err != nil {
			return nil, err
		}
		for len(body.b) > 0 {
			op, operand, err := body.instruction()
			if err != nil {
				return nil, err
			}
			switch {
			case op == opCall:
				calls[from] = append(calls[from], operand)
			case op == opGlobalSet && operand == m.dispatch:
				interpreters[from] = true
			}
		}
	}
	for f := range calls {
		if interpreters[f] || counts[f] {
			calls[f] = nil
		}
	}
	recursive := cyclic(calls)
	for f := range recursive {
		recursive[f] = recursive[f] || interpreters[f] && !counts[f]
	}
	return recursive, r.err
}

// countsAtEntry tells whether a function sets the count of ticks before it first
// branches or calls.
func (m *module) countsAtEntry(body []byte) (bool, error) {
	r := &reader{b: body}
	for len(r.b) > 0 {
		op, operand, err := r.instruction()
		switch {
		case err != nil:
			return false, err
		case op == opGlobalSet && operand == m.ticks:
			return true, nil
		case op == opBlock: // goes straight on
		case op <= opCallIndirect:
			return false, nil
		}
	}
	return false, r.err
}

// cyclic returns the nodes of a graph that can reach themselves, by Tarjan's
// algorithm.
func cyclic(edges [][]uint32) []bool {
	s := &tarjan{edges: edges, index: make([]int, len(edges)), low: make([]int, len(edges)),
		onStack: make([]bool, len(edges)), cyclic: make([]bool, len(edges))}
	for v := range edges {
		if s.index[v] == 0 {
			s.visit(uint32(v))
		}
	}
	return s.cyclic
}

type tarjan struct {
	edges      [][]uint32
	index, low []int // index counts from 1, 0 is not visited
	stack      []uint32
	onStack    []bool
	cyclic     []bool
	count      int
}

func (s *tarjan) visit(v uint32) {
	s.count++
	s.index[v], s.low[v] = s.count, s.count
	s.stack = append(s.stack, v)
	s.onStack[v] = true
	for _, w := range s.edges[v] {
		switch {
		case w == v:
			s.cyclic[v] = true
		case s.index[w] == 0:
			s.visit(w)
			s.low[v] = min(s.low[v], s.low[w])
		case s.onStack[w]:
			s.low[v] = min(s.low[v], s.index[w])
		}
	}
	if s.low[v] != s.index[v] {
		return
	}
	size := len(s.stack)
	for {
		size--
		w := s.stack[size]
		s.onStack[w] = false
		if w == v {
			break
		}
	}
	if len(s.stack)-size > 1 {
		for _, w := range s.stack[size:] {
			s.cyclic[w] = true
		}
	}
	s.stack = s.stack[:size]
}
