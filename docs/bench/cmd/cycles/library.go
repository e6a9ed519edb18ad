package main

import "errors"

// A library is what the shapes need of one. V is its type of a JS value.
type library[V any] interface {
	// eval, function, call, host and module return values that the caller owns.
	eval(code string) (V, error)
	function(f func()) (V, error) // a JS function that calls f
	call(f V, args ...V) (V, error)
	// host returns a JS value through which scripts reach the struct itself.
	host(n *node[V]) (V, error)
	module(name string) (V, error) // the namespace of a new module of moduleSource
	// release gives up a value that Go code needs no more, if the library asks for
	// that; where closing is optional it does nothing.
	release(v V)
	// collect runs pending jobs and all that the library offers against garbage.
	collect() error
	// jsBytes is the size of the JS heap, if it can be told.
	jsBytes() (n int64, known bool)
	// jsInGoHeap tells whether the JS heap is part of Go's.
	jsInGoHeap() bool
	close()
}

// A thener attaches Go functions to promises by a way of its own.
type thener[V any] interface {
	then(promise V, f func()) error
}

var errNotOffered = errors.New("not offered")

const moduleSource = `export let held; export function hold(f) { held = f }`
