package main

import (
	"cmp"
	"fmt"
	"runtime"
	"sync/atomic"
)

// A node is what a closure captures, or the struct that JS uses.
type node[V any] struct {
	Held  V // what leads back to the closure's function, or to the struct
	calls int
}

func (n *node[V]) called() { n.calls++ }

// A builder builds cycles of one shape and keeps nothing of them.
type builder[V any] struct {
	lib         library[V]
	shape       shape
	wrap, check V
	namespace   V
	modules     int
	alive       atomic.Int64 // nodes that Go has not found dead
}

func newBuilder[V any](lib library[V], s shape) (*builder[V], error) {
	b := &builder[V]{lib: lib, shape: s}
	v, err := lib.eval(prelude)
	if err != nil {
		return nil, err
	}
	lib.release(v)
	if b.wrap, err = lib.eval("(" + cmp.Or(s.wrap, "f => f") + ")"); err != nil {
		return nil, err
	}
	if b.check, err = lib.eval("(" + cmp.Or(s.check, "f => { f() }") + ")"); err != nil {
		return nil, err
	}
	if s.namespace == perRuntime {
		b.namespace, err = lib.module("all.js")
	}
	return b, err
}

// build makes one cycle and has its nodes counted.
func (b *builder[V]) build() error {
	nodes, err := b.cycle()
	if err != nil {
		return err
	}
	for _, n := range nodes {
		b.alive.Add(1)
		runtime.AddCleanup(n, func(alive *atomic.Int64) { alive.Add(-1) }, &b.alive)
	}
	b.drop(nodes)
	return nil
}

// try makes one that is not counted, and checks that what each closure captures
// leads to the next function.
func (b *builder[V]) try() error {
	nodes, err := b.cycle()
	if err != nil {
		return err
	}
	for i, n := range nodes {
		result, err := b.lib.call(b.check, n.Held)
		if err != nil {
			return err
		}
		b.lib.release(result)
		if err := b.lib.collect(); err != nil { // runs jobs
			return err
		}
		if next := nodes[(i+1)%len(nodes)]; next.calls != 1 && !b.shape.host {
			return fmt.Errorf("no cycle: the closure was called %d times", next.calls)
		}
	}
	b.drop(nodes)
	return nil
}

// drop is all that is left to do: a cycle has no other references.
func (b *builder[V]) drop(nodes []*node[V]) {
	if !b.shape.noCaptures {
		return
	}
	for _, n := range nodes {
		held := n.Held
		var none V
		n.Held = none
		b.lib.release(held)
	}
}

func (b *builder[V]) cycle() ([]*node[V], error) {
	nodes := make([]*node[V], b.shape.closures)
	for i := range nodes {
		nodes[i] = new(node[V])
	}
	if t, ok := b.lib.(thener[V]); ok && b.shape.promise {
		promise, err := b.lib.call(b.wrap)
		if err != nil {
			return nil, err
		}
		nodes[0].Held = promise
		return nodes, t.then(promise, nodes[0].called)
	}
	for i := range nodes {
		v, err := b.expose(nodes[(i+1)%len(nodes)])
		if err != nil {
			return nil, err
		}
		if nodes[i].Held, err = b.wrapped(v); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

func (b *builder[V]) expose(n *node[V]) (V, error) {
	if b.shape.host {
		return b.lib.host(n)
	}
	return b.lib.function(n.called)
}

// wrapped takes over v.
func (b *builder[V]) wrapped(v V) (held V, err error) {
	if b.shape.wrap == "" {
		return v, nil
	}
	defer b.lib.release(v)
	switch b.shape.namespace {
	case perRuntime:
		return b.lib.call(b.wrap, v, b.namespace)
	case perCycle:
		b.modules++
		ns, err := b.lib.module(fmt.Sprintf("m%d.js", b.modules))
		if err != nil {
			return held, err
		}
		defer b.lib.release(ns)
		return b.lib.call(b.wrap, v, ns)
	}
	return b.lib.call(b.wrap, v)
}
