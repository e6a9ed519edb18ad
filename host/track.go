package host

import (
	"runtime"
	"sync"
	"weak"

	"github.com/qjswasm/qjswasm/gc"
)

// Origin is how a Value or a callable came to be. The zero Origin is unknown.
type Origin struct {
	Entry uint64 // the number of the entry
	Name  string // of a function
	Stack *Stack // nil: unknown
}

// Stack is where the program stood. Immutable: what was made in the same place
// shares it.
type Stack struct {
	By  uintptr   // return address in the function of this module that the program called
	PCs []uintptr // return addresses in the program, innermost first, without this module

	key  stackKey
	refs int
}

const (
	maxPCs = 32 // frames of the program that are kept

	// costTracked is an Origin in its table, and costStack a Stack, in bytes.
	costTracked = 128
	costStack   = 1 << 10
)

// stackKey tells stacks apart.
type stackKey struct {
	by  uintptr
	n   int
	pcs [maxPCs]uintptr
}

// tracker knows the origins of Values and callables, none of which it keeps alive:
// a Callable, which it refers to, has no way to what a program captured once it is
// demoted, and is forgotten with its entry in the registry. It has a lock of its
// own, since callables are registered while a callback runs, and others may enter.
type tracker struct {
	hold func(bytes int64)

	mu        sync.Mutex
	roots     map[uint32]rootOrigin // by index
	callables map[*Callable]Origin
	stacks    map[stackKey]*Stack
	frames    frameClasses
	pcs       [256]uintptr
	left      []remnant // when the guest was given back
}

type rootOrigin struct {
	Origin
	generation uint32
}

// remnant is a root of a guest that is gone.
type remnant struct {
	Origin
	anchor weak.Pointer[gc.Anchor]
}

func newTracker(hold func(bytes int64)) *tracker {
	return &tracker{
		hold:      hold,
		roots:     map[uint32]rootOrigin{},
		callables: map[*Callable]Origin{},
		stacks:    map[stackKey]*Stack{},
		frames:    frameClasses{},
	}
}

// root notes that a root was made just now.
func (t *tracker) root(r gc.Root, entry uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if old, ok := t.roots[r.Index]; ok { // of a guest that made it up
		t.drop(old.Stack)
	}
	t.roots[r.Index] = rootOrigin{Origin{Entry: entry, Stack: t.stack()}, r.Generation}
	t.hold(costTracked)
}

// callable notes that a callable was registered just now.
func (t *tracker) callable(c *Callable, name string, entry uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.callables[c] = Origin{Entry: entry, Name: name, Stack: t.stack()}
	t.hold(costTracked)
}

func (t *tracker) forgetRoot(r gc.Root) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if o, ok := t.roots[r.Index]; ok && o.generation == r.Generation {
		delete(t.roots, r.Index)
		t.drop(o.Stack)
	}
}

func (t *tracker) forgetCallable(c *Callable) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if o, ok := t.callables[c]; ok {
		delete(t.callables, c)
		t.drop(o.Stack)
	}
}

// drop ends what root or callable counted.
func (t *tracker) drop(s *Stack) {
	t.hold(-costTracked)
	if s.refs--; s.refs == 0 {
		delete(t.stacks, s.key)
		t.hold(-costStack)
	}
}

// stack returns the stack of the caller.
func (t *tracker) stack() *Stack {
	var key stackKey
	for skip, more := 0, true; more && key.n < maxPCs; skip += len(t.pcs) {
		n := runtime.Callers(skip, t.pcs[:])
		more = n == len(t.pcs)
		for _, pc := range t.pcs[:n] {
			switch t.frames.of(pc) {
			case frameOurs:
				if key.n == 0 {
					key.by = pc
				}
			case frameTheirs:
				if key.n < maxPCs {
					key.pcs[key.n] = pc
					key.n++
				}
			}
		}
	}
	s := t.stacks[key]
	if s == nil {
		s = &Stack{By: key.by, key: key}
		s.PCs = s.key.pcs[:key.n]
		t.stacks[key] = s
		t.hold(costStack)
	}
	s.refs++
	return s
}

// rootOrigin returns how a root came to be.
func (t *tracker) rootOrigin(r gc.Root) Origin {
	t.mu.Lock()
	defer t.mu.Unlock()
	if o := t.roots[r.Index]; o.generation == r.Generation {
		return o.Origin
	}
	return Origin{}
}

// callableOrigin returns how a callable came to be.
func (t *tracker) callableOrigin(c *Callable) Origin {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.callables[c]
}

// bury notes the roots that are left, and forgets all else.
func (t *tracker) bury(roots *gc.Roots) {
	var left []remnant // none if the guest has died before
	for a := range roots.All() {
		left = append(left, remnant{t.rootOrigin(a.Name()), weak.Make(a)})
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left = append(t.left, left...)
	clear(t.roots)
	clear(t.callables)
	clear(t.stacks)
}

// takeLeft moves what bury noted to the caller.
func (t *tracker) takeLeft() []remnant {
	t.mu.Lock()
	defer t.mu.Unlock()
	left := t.left
	t.left = nil
	return left
}
