package qjswasm_test

// cycleRef is the number of a node of the model; 0 is none.
type cycleRef int

// cycleKind says what a node stands for.
type cycleKind int

const (
	cycleValue cycleKind = iota // a *Value
	cycleGo                     // a Go struct: the state of closures, errors and live objects
	cycleObject
	cycleArray
	cycleMap
	cycleSet
	cycleWeakMap
	cycleWeakSet
	cycleScriptFunc // a function of a script that captures an object
	cycleFunc       // a Go closure
	cycleBound
	cycleProxy
	cyclePromise
	cycleResolver
	cycleWeakRef
	cycleLive
	cycleError // made of a Go error
	cycleSeq   // made of a Go sequence
)

var cycleKindNames = [...]string{
	"Value", "state", "object", "array", "Map", "Set", "WeakMap", "WeakSet", "function", "closure", "bound function",
	"Proxy", "promise", "resolver", "WeakRef", "live object", "error", "sequence",
}

// cycleSlots is the number of properties of an object, and of Values that a state
// holds.
const cycleSlots = 3

// cycleNode is an object of either heap.
type cycleNode struct {
	kind  cycleKind
	slots [cycleSlots]cycleRef // properties; of a state its Values, of a Value its object
	// inner is what it holds besides. A closure: state and captured values; an error,
	// a sequence and a live object: state; a state: another one, and the Value of a
	// function that was made a Go function; a bound function: function and
	// this; a function, Proxy or resolver: the one it is for; a promise: its value,
	// and the functions that wait for it.
	inner    []cycleRef
	pairs    []cyclePair // of a collection
	weak     cycleRef    // of a WeakRef
	closed   bool        // of a Value
	settled  bool        // of a promise
	observed bool        // by a WeakRef and the FinalizationRegistry of the test
	told     int         // how often by the FinalizationRegistry
	dead     bool        // was unreachable when both heaps were collected
}

// cyclePair is an entry of a Map or WeakMap, or a member of a Set or WeakSet.
type cyclePair struct{ key, value cycleRef }

// cycleJob is a call that is pending.
type cycleJob struct{ fn, arg cycleRef }

// cycleHeld is what a FinalizationRegistry holds until target is dead.
type cycleHeld struct{ target, held cycleRef }

// cycleModel is the part of both heaps that one program uses.
type cycleModel struct {
	nodes   []cycleNode
	values  [cycleRegisters]cycleRef // Go variables that hold a *Value
	states  [cycleStates]cycleRef    // Go variables that hold a state
	globals [cycleGlobals]cycleRef
	jobs    []cycleJob
	held    []cycleHeld
}

const (
	cycleRegisters = 6
	cycleStates    = 3
	cycleGlobals   = 3
)

func (m *cycleModel) add(n cycleNode) cycleRef {
	if m.nodes == nil {
		m.nodes = make([]cycleNode, 1, 32)
	}
	m.nodes = append(m.nodes, n)
	return cycleRef(len(m.nodes) - 1)
}

func (m *cycleModel) roots(reach func(cycleRef)) {
	for _, r := range m.values {
		reach(r)
	}
	for _, r := range m.states {
		reach(r)
	}
	for _, r := range m.globals {
		reach(r)
	}
	for _, j := range m.jobs {
		reach(j.fn)
		reach(j.arg)
	}
	for _, h := range m.held {
		reach(h.held)
	}
}

// children calls reach for all that n holds strongly.
func (n *cycleNode) children(reach func(cycleRef)) {
	for _, r := range n.slots {
		reach(r)
	}
	for _, r := range n.inner {
		reach(r)
	}
	switch n.kind {
	case cycleMap:
		for _, p := range n.pairs {
			reach(p.key)
			reach(p.value)
		}
	case cycleSet:
		for _, p := range n.pairs {
			reach(p.key)
		}
	}
}

// isHost tells whether it is an object of the guest that holds a state.
func (n *cycleNode) isHost() bool {
	switch n.kind {
	case cycleFunc, cycleLive, cycleError, cycleSeq:
		return true
	}
	return false
}

// counts returns how many Go functions, errors and live objects the guest has, and
// how many Values hold an object.
func (m *cycleModel) counts(marks cycleMarks) (callables, roots int) {
	for i, n := range m.nodes {
		if !marks[i] {
			continue
		}
		switch {
		case n.isHost():
			callables++
		case n.kind == cycleValue && !n.closed:
			roots++
		}
	}
	return callables, roots
}

// callee is the function that calling r comes down to, 0 if r is none.
func (m *cycleModel) callee(r cycleRef) cycleRef {
	for {
		switch n := &m.nodes[r]; n.kind {
		case cycleBound, cycleProxy:
			r = n.inner[0]
		case cycleFunc, cycleScriptFunc, cycleResolver:
			return r
		default:
			return 0
		}
	}
}

// target is what r is a Proxy for, r itself if it is none.
func (m *cycleModel) target(r cycleRef) cycleRef {
	for m.nodes[r].kind == cycleProxy {
		r = m.nodes[r].inner[0]
	}
	return r
}
