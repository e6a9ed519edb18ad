package qjswasm_test

import (
	"iter"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Cycles through what Go has.

var closureCycles = []cycleShape{
	{
		name: "self", callables: 1,
		make: func(m *cycleMaker, n int) []any {
			var self *qjswasm.Value
			self = m.fn(func(depth int) (int, error) {
				if depth > 0 {
					return number(self.Call(ctx, nil, depth-1))
				}
				return number(self.Get("n"))
			})
			require.NoError(m.t, self.Set("n", n))
			return []any{self}
		},
		probes: []string{"f => f(2)"},
	},
	{
		name: "mutual", callables: 2,
		make: func(m *cycleMaker, n int) []any {
			var f, g *qjswasm.Value
			f = m.fn(func(depth int) (int, error) {
				if depth > 0 {
					return number(g.Call(ctx, nil, depth-1))
				}
				return number(f.Get("n"))
			})
			g = m.fn(func(depth int) (int, error) { return number(f.Call(ctx, nil, depth)) })
			require.NoError(m.t, f.Set("n", n))
			return []any{f, g}
		},
		probes: []string{"f => f(2)", "g => g(2)"},
	},
	{
		// Go closure, JS closure, Go closure, and so on, until the first again.
		name: "closure chain", callables: 5,
		make: func(m *cycleMaker, n int) []any {
			type link struct{ next map[string]any }
			links := [5]*link{}
			var parts [5]any
			for i := range links {
				l := &link{map[string]any{}}
				links[i] = l
				f := m.fn(func(depth int) (int, error) {
					return number(l.next["next"].(*qjswasm.Value).Call(ctx, nil, depth))
				})
				parts[i] = m.js("(f, n) => depth => depth > 0 ? f(depth - 1) : n", f, n)
			}
			for i, l := range links {
				l.next["next"] = parts[(i+1)%len(parts)]
			}
			return []any{parts[0], parts[3]}
		},
		probes: []string{"f => f(7)", "f => f(7)"},
	},
	{
		// As makes a Go function of a JS function, which holds that.
		name: "Go function of a JS function", callables: 1,
		make: func(m *cycleMaker, n int) []any {
			var call func() (int, error)
			f, err := m.rt.NewFunc("f", func() (int, error) { return call() })
			require.NoError(m.t, err)
			g := m.js("(f, n) => x => x ? n : f()", f, n)
			c := m.js("(g, f) => Object.assign(() => g(true), { f })", g, f)
			call, err = qjswasm.As[func() (int, error)](c)
			require.NoError(m.t, err)
			return []any{c, f}
		},
		probes: []string{"g => g.f()", "f => f()"},
	},
	{
		// The function captures one value for the guest's collector to see, and
		// another that it does not see.
		name: "Captures", callables: 1,
		make: func(m *cycleMaker, n int) []any {
			inside := m.js("n => ({ n })", n)
			var outside *qjswasm.Value
			f, err := m.rt.NewFunc("f", func(c *qjswasm.Call) (any, error) {
				if _, err := outside.Get("inside"); err != nil {
					return nil, err
				}
				return c.Captured(0).Get("n")
			}, qjswasm.Captures(inside))
			require.NoError(m.t, err)
			outside = m.js("(f, inside) => { inside.f = f; return { inside } }", f, inside)
			return []any{outside, inside, f}
		},
		probes: []string{"o => o.inside.f()", "i => i.f()", "f => f()"},
	},
	{
		name: "constructor", callables: 1,
		make: func(m *cycleMaker, n int) []any {
			var first *qjswasm.Value
			f, err := m.rt.NewFunc("F", func(c *qjswasm.Call) (any, error) {
				if first == nil {
					return nil, nil
				}
				v, err := first.Get("n")
				if err != nil {
					return nil, err
				}
				return nil, c.This().Set("n", v)
			}, qjswasm.Constructor())
			require.NoError(m.t, err)
			o := m.js("(F, n) => Object.assign(new F, { n })", f, n)
			first = o
			return []any{o, f}
		},
		probes: []string{"o => new o.constructor().n", "F => new F().n"},
	},
	{
		name: "sequence", callables: 1,
		make: func(m *cycleMaker, n int) []any {
			var o *qjswasm.Value
			var seq iter.Seq[int] = func(yield func(int) bool) {
				if n, err := number(o.Get("n")); err == nil {
					yield(n)
				}
			}
			s := m.value(seq)
			o = m.js("(seq, n) => ({ seq, n })", s, n)
			return []any{o, s}
		},
		probes: []string{"o => [...o.seq][0]", "s => [...s][0]"},
	},
}

type cycleStruct struct {
	N    int              `js:"n"`
	Func *qjswasm.Value   `js:"func"`
	Next *cycleStruct     `js:"next"`
	List []*qjswasm.Value `js:"list"`
}

// Call calls Func.
func (s *cycleStruct) Call() (int, error) { return number(s.Func.Call(ctx, nil)) }

var liveCycles = []cycleShape{
	{
		// The struct's field holds a JS closure that closes over the struct.
		name: "live struct", callables: 1, shared: 1,
		make: func(m *cycleMaker, n int) []any {
			s := &cycleStruct{N: n}
			o := m.value(qjswasm.Live(s))
			s.Func = m.js("o => () => o.n", o)
			return []any{o, s.Func, qjswasm.Live(s)}
		},
		probes: []string{"o => o.call()", "f => f()", "o => o.func()"},
	},
	{
		name: "live struct and closure", callables: 2, shared: 1,
		make: func(m *cycleMaker, n int) []any {
			s := &cycleStruct{N: n}
			o := m.value(qjswasm.Live(s))
			s.Func = m.reader(&o)
			return []any{o, s.Func}
		},
		probes: []string{"o => o.func()", "f => f()"},
	},
	{
		// The object of a struct within another keeps that.
		name: "inside of a live struct", callables: 1, shared: 1,
		make: func(m *cycleMaker, n int) []any {
			s := &cycleStruct{N: n, Next: &cycleStruct{N: n}}
			next := m.js("o => o.next", m.value(qjswasm.Live(s)))
			s.Next.List = []*qjswasm.Value{m.js("next => () => next.n", next)}
			return []any{next, s.Next.List[0]}
		},
		probes: []string{"next => next.list[0]()", "f => f()"},
	},
	{
		name: "live map", callables: 2,
		make: func(m *cycleMaker, n int) []any {
			x := map[string]any{"n": n}
			o := m.value(qjswasm.Live(x))
			x["f"] = m.reader(&o)
			return []any{o, x["f"]}
		},
		probes: []string{"o => o.f()", "f => f()"},
	},
	{
		name: "live slice", callables: 1,
		make: func(m *cycleMaker, n int) []any {
			list := new([]*qjswasm.Value)
			o := m.value(qjswasm.Live(list))
			*list = append(*list, m.js("(o, n) => () => o.length ? n : 0", o, n))
			return []any{o, (*list)[0]}
		},
		probes: []string{"o => o[0]()", "f => f()"},
	},
}

// cycleThroughError is a Go error that holds a value.
type cycleThroughError struct{ v *qjswasm.Value }

func (*cycleThroughError) Error() string { return "cycle" }

var errorCycles = []cycleShape{
	{
		// What JS catches keeps the Go error, whose value leads back to it.
		name: "error", callables: 2,
		make: func(m *cycleMaker, n int) []any {
			e := &cycleThroughError{}
			f, err := m.rt.NewFunc("f", func(again bool) (int, error) {
				if again {
					return number(e.v.Get("n"))
				}
				return 0, e
			})
			require.NoError(m.t, err)
			e.v = m.js("(f, n) => { try { f(false) } catch (e) { return { e, f, n } } }", f, n)
			return []any{e.v, f}
		},
		probes: []string{"o => o.e instanceof Error && o.f(true)", "f => f(true)"},
	},
}
