package main

import (
	"errors"
	"testing"
)

const few = 50

// Every shape can be built in every library, and what it is said to capture leads to
// the closure: runner checks that.
func TestShapes(t *testing.T) {
	for name, run := range libraries {
		for _, s := range shapes {
			t.Run(name+"/"+s.Name, func(t *testing.T) {
				r, err := run(s, few)
				if err != nil || r.Stopped != "" {
					t.Fatal(err, r.Stopped)
				}
				if !r.NotOffered && (r.Cycles != few || r.Closures != few*s.closures || r.Kept > r.Closures) {
					t.Fatalf("%+v", r)
				}
			})
		}
	}
}

// What is counted as kept is: a library that collects a shape has none.
func TestNoneKept(t *testing.T) {
	for name, names := range map[string][]string{
		"goja":                {"self", "mutual", "chain", "live", "none"},
		"qjswasm":             {"none", "handler"},
		"modernc.org/quickjs": {"handler"},
	} {
		run, ok := libraries[name]
		for _, s := range shapes {
			for _, n := range names {
				if !ok || n != s.Name {
					continue
				}
				r, err := run(s, few)
				if err != nil || r.Kept != 0 {
					t.Errorf("%s, %s: %v, kept %d", name, n, err, r.Kept)
				}
			}
		}
	}
}

type brokenLibrary struct{ library[int] }

func (brokenLibrary) eval(string) (int, error)      { return 0, nil }
func (brokenLibrary) function(func()) (int, error)  { return 0, nil }
func (brokenLibrary) call(int, ...int) (int, error) { return 0, nil }
func (brokenLibrary) release(int)                   {}
func (brokenLibrary) collect() error                { return nil }
func (brokenLibrary) close()                        {}

// A shape that does not lead to the closure is no result.
func TestNoCycle(t *testing.T) {
	run := runner(func() (library[int], error) { return brokenLibrary{}, nil })
	if _, err := run(shapes[0], few); err == nil {
		t.Error("no error")
	}
	run = runner(func() (library[int], error) { return nil, errors.New("cannot open") })
	if _, err := run(shapes[0], few); err == nil {
		t.Error("no error")
	}
}

func TestLastWords(t *testing.T) {
	made, reason := lastWords("cycles made: 100\ncycles made: 200\npanic: out of it\n\ngoroutine 1:\n")
	if made != 200 || reason != "panic: out of it" {
		t.Error(made, reason)
	}
}

func TestCell(t *testing.T) {
	s := shapes[0]
	for want, r := range map[string]report{
		"none of 2,000, 12 B":    {Cycles: 2000, Closures: 2000, GoHeap: 24_000},
		"all of 10, 30 B":        {Cycles: 10, Closures: 10, Kept: 10, GoHeap: 100, JSKnown: true, JSHeap: 200},
		"1 of 10, 10 B":          {Cycles: 10, Closures: 10, Kept: 1, GoHeap: 100, JSKnown: true, JSHeap: 90, JSInGoHeap: true},
		"not offered":            {NotOffered: true},
		"no result":              {Kept: -1, Stopped: "crash"},
		"all of 3,000, -1,000 B": {Cycles: 3000, Closures: 3000, Kept: 3000, GoHeap: -3_000_000, Stopped: "limit"},
	} {
		got, note := r.cell(s)
		if got != want || (note != "") != (r.Stopped != "") {
			t.Errorf("got %q and %q, want %q", got, note, want)
		}
	}
}
