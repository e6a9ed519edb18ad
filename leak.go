package qjswasm

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"

	"github.com/qjswasm/qjswasm/host"
)

// Leak is one thing that one side of a runtime holds of the other: what may be a
// leak. It is a description and keeps nothing alive.
type Leak struct {
	// Callable is whether JS holds it, a Go function, error or live object. Otherwise
	// it is a Value, by which Go holds an object.
	Callable bool
	// Kind is that of the object in JS: KindFunction, KindError or KindLive of a
	// callable.
	Kind Kind
	// Name says a little more: of a function its name, of an error what it says, of a
	// live object the Go type, of another object its class if that is not what Kind
	// says. A runtime that is closed knows it no longer, and so a LeakError.
	Name string
	// Owner is what owns the Value if it is not the program: "Error" for one that has
	// it, "Async" for the call of an asynchronous function that has not settled.
	Owner string
	// Demoted is whether nothing but Values leads to the callable, as of the last
	// time that somebody looked: see Options.CycleGC. It goes when those Values do.
	Demoted bool

	// The rest is known with Options.TrackAllocations.

	// Entry is the number of the entry that it was made in, by Stats.Entries.
	Entry uint64
	// By is what the program called that made it, such as "Value.Get". It is empty
	// if that was a Go func made of a JS function.
	By string
	// Stack is where the program called that, innermost first: at most 32 frames,
	// without those of this library, of wazero, and of packages runtime and reflect.
	// If a function that JS called has returned it, or thrown it, it is where JS was
	// entered. Borrowed: other Leaks share it.
	Stack []runtime.Frame
}

// Leaks are sorted by the entry that they were made in, Values first.
type Leaks []Leak

// Leaks lists what Go holds of JS, each Value that is not closed, and what JS holds
// of Go, each function, error and live object. With Options.TrackAllocations it says
// where they were made, too. A Value that Go's collector has yet to find is among
// them: call Runtime.GC before to see only what is in use. Methods of live objects
// are left out, which stay with their type. The list is complete at one moment, and
// a runtime cannot be used while it is made; therefore it is no iterator.
//
// It follows the rule of the runtime, one goroutine at a time, fails with ErrClosed
// or ErrDead if there is nothing left to list, and takes time in proportion to the
// result. Runs no guest code.
func (rt *Runtime) Leaks() (Leaks, error) {
	f, err := rt.in.Enter(context.Background())
	if err != nil {
		return nil, err
	}
	defer f.Exit()
	if err := f.Sweep(); err != nil {
		return nil, err
	}
	frames := stackFrames{}
	var leaks Leaks
	for a, o := range rt.in.LiveRoots() {
		v := valueOf(a)
		if v.closed.Load() {
			continue
		}
		l := v.leak(o, frames)
		text, err := f.DescribeRoot(a.Name())
		if err != nil {
			return nil, err
		}
		l.Name = shortName(text, v.kind)
		leaks = append(leaks, l)
	}
	for c := range rt.in.LiveCallables() {
		leaks = append(leaks, callableLeak(&c, frames))
	}
	leaks.sort()
	return leaks, nil
}

var ownerNames = [...]string{ownerProgram: "", ownerError: "Error", ownerAsync: "Async"}

func (v *Value) leak(o host.Origin, frames stackFrames) Leak {
	l := Leak{Kind: v.kind, Owner: ownerNames[v.owner]}
	l.locate(o, frames)
	return l
}

// maxLeakText bounds Leak.Name, in bytes.
const maxLeakText = 256

func callableLeak(c *host.LiveCallable, frames stackFrames) Leak {
	l := Leak{Callable: true, Kind: KindFunction, Demoted: c.Demoted, Name: c.Origin.Name}
	switch {
	case c.Live != nil:
		l.Kind, l.Name = KindLive, c.Live.Describe()
	case c.Err != nil:
		l.Kind, l.Name = KindError, c.Err.Error()
	}
	l.Name = cutName(l.Name)
	l.locate(c.Origin, frames)
	return l
}

func cutName(name string) string {
	if len(name) > maxLeakText {
		name = strings.ToValidUTF8(name[:maxLeakText], "") + "…"
	}
	return name
}

// shortName takes what a Kind says out of what the guest calls a value, such as
// "[Function: f]".
func shortName(text string, kind Kind) string {
	text, _, _ = strings.Cut(text, "\n") // there follows a stack
	text = strings.TrimSpace(strings.TrimSuffix(text, "{}"))
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		text = text[1 : len(text)-1]
	}
	if rest, ok := strings.CutPrefix(text, kind.String()); ok && (rest == "" || rest[0] == ':' || rest[0] == ' ') {
		text = strings.TrimLeft(rest, ": ")
	}
	return cutName(strings.ToValidUTF8(text, ""))
}

func (l *Leak) locate(o host.Origin, frames stackFrames) {
	l.Entry = o.Entry
	if o.Stack != nil {
		s := frames.of(o.Stack)
		l.By, l.Stack = s.by, s.frames
	}
}

func (l Leaks) sort() {
	slices.SortStableFunc(l, func(a, b Leak) int {
		switch {
		case a.Entry != b.Entry:
			return cmp.Compare(a.Entry, b.Entry)
		case a.Callable != b.Callable && b.Callable:
			return -1
		case a.Callable != b.Callable:
			return 1
		}
		return 0
	})
}

// stackFrames are the frames of stacks that were looked up already.
type stackFrames map[*host.Stack]resolvedStack

type resolvedStack struct {
	by     string
	frames []runtime.Frame
}

func (m stackFrames) of(s *host.Stack) resolvedStack {
	r, ok := m[s]
	if ok {
		return r
	}
	if len(s.PCs) > 0 {
		for next, more := runtime.CallersFrames(s.PCs), true; more; {
			var f runtime.Frame
			f, more = next.Next()
			r.frames = append(r.frames, f)
		}
	}
	if s.By != 0 {
		f, _ := runtime.CallersFrames([]uintptr{s.By}).Next()
		r.by = methodName(f.Function)
	}
	m[s] = r
	return r
}

// methodName is the name of a function or method of this package for people, empty
// if it is none.
func methodName(function string) string {
	name, ok := strings.CutPrefix(function, valueType.Elem().PkgPath()+".")
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(name, "[")
	return strings.NewReplacer("(*", "", ")", "").Replace(name)
}
