package qjswasm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// cycleMaker makes cycles of one shape in a runtime.
type cycleMaker struct {
	t       testing.TB
	rt      *qjswasm.Runtime
	shape   cycleShape
	helpers map[string]*qjswasm.Value // by their code
}

// in is m for a subtest.
func (m *cycleMaker) in(t testing.TB) *cycleMaker {
	sub := *m
	sub.t = t
	return &sub
}

// drop makes n cycles and keeps nothing of them.
func (m *cycleMaker) drop(n int) {
	m.t.Helper()
	for i := range n {
		m.shape.make(m, i)
	}
}

// check asks of a cycle's parts whether they are of the same cycle, and work.
func (m *cycleMaker) check(parts []any) {
	m.t.Helper()
	n := m.probe(0, parts[0])
	for i, part := range parts {
		require.Equal(m.t, n, m.probe(i, part))
	}
}

// probe returns what the probe of the i-th part gives.
func (m *cycleMaker) probe(i int, part any) int64 {
	m.t.Helper()
	return m.await(m.js("async x => ("+m.shape.probes[i]+")(x)", part)).Int64()
}

func (m *cycleMaker) await(promise *qjswasm.Value) *qjswasm.Value {
	m.t.Helper()
	v, err := m.rt.Await(ctx, promise)
	require.NoError(m.t, err)
	return v
}

// helper returns the function that a piece of code gives, evaluated once.
func (m *cycleMaker) helper(code string) *qjswasm.Value {
	m.t.Helper()
	f := m.helpers[code]
	if f == nil {
		f = eval(m.t, m.rt, "("+code+")")
		m.helpers[code] = f
	}
	return f
}

// js calls a helper.
func (m *cycleMaker) js(code string, args ...any) *qjswasm.Value {
	m.t.Helper()
	return m.call(m.helper(code), args...)
}

func (m *cycleMaker) call(f *qjswasm.Value, args ...any) *qjswasm.Value {
	m.t.Helper()
	v, err := f.Call(ctx, nil, args...)
	require.NoError(m.t, err)
	return v
}

// value is Runtime.NewValue.
func (m *cycleMaker) value(x any) *qjswasm.Value {
	m.t.Helper()
	v, err := m.rt.NewValue(x)
	require.NoError(m.t, err)
	return v
}

// fn makes a function of a Go closure.
func (m *cycleMaker) fn(f func(depth int) (int, error)) *qjswasm.Value {
	m.t.Helper()
	v, err := m.rt.NewFunc("f", f)
	require.NoError(m.t, err)
	return v
}

// reader makes a Go closure that captures a value, which may be set later, and
// returns its property n.
func (m *cycleMaker) reader(captured **qjswasm.Value) *qjswasm.Value {
	m.t.Helper()
	f, err := m.rt.NewFunc("f", func() (int, error) { return number((*captured).Get("n")) })
	require.NoError(m.t, err)
	return f
}

// number is the int in the result of a call.
func number(v *qjswasm.Value, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	return qjswasm.As[int](v)
}

// captor makes a cycle whose closure captures the one part besides the function
// that code makes of the function and n. That has n as property n.
func captor(code string) func(m *cycleMaker, n int) []any {
	return func(m *cycleMaker, n int) []any {
		m.t.Helper()
		captured := new(*qjswasm.Value)
		f := m.reader(captured)
		*captured = m.js(code, f, n)
		return []any{*captured, f}
	}
}
