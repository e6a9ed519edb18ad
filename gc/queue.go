// Package gc is a building block of qjswasm; most programs import only the root
// package.
//
// It forgets on both sides. [Roots] finds the values that Go dropped, and
// [ReleaseQueue] collects them until the owner of the guest releases their roots;
// [Dispatch] takes callables that the guest dropped out of the registry.
//
// # Cycles that run through both heaps
//
// A Go function that is called by JS is held by the registry, and a JS object that
// is used by Go by the guest's root table. If the Go function leads to such an
// object, and that to the function's JS object, neither collector can tell that
// nobody else uses them.
//
// So the guest is asked for a [Summary]: the part of its heap that only roots
// reach. Condense makes a Go structure of it: an [Anchor], which is part of the Go
// object that owns a root, refers to a [Group], a group to others and to what is
// [Held] of the callables in it. Of these the registry from then on has nothing but
// weak pointers to their groups. What was a cycle through two heaps is one of Go pointers, which
// Go's collector frees with its next collection, by itself.
//
// It stays true while the guest is idle, and while it runs it can only reach what
// it is given: when an anchor is used, what its group holds is held strongly again,
// until the next summary.
package gc

import (
	"sync"
	"sync/atomic"
)

// ReleaseQueue collects roots that the guest has yet to release. Many producers,
// one consumer; the zero value is ready.
type ReleaseQueue struct {
	mu    sync.Mutex
	roots []Root
	n     atomic.Int64 // len(roots), for callers that ask on every call
}

// Push queues a root. Safe for concurrent use; never calls into the guest.
func (q *ReleaseQueue) Push(r Root) {
	q.mu.Lock()
	q.roots = append(q.roots, r)
	q.n.Store(int64(len(q.roots)))
	q.mu.Unlock()
}

// Len returns the number of queued roots. Safe for concurrent use.
func (q *ReleaseQueue) Len() int { return int(q.n.Load()) }

// Take moves all queued roots to the caller, who owns the result.
func (q *ReleaseQueue) Take() []Root {
	q.mu.Lock()
	defer q.mu.Unlock()
	roots := q.roots
	q.roots = nil
	q.n.Store(0)
	return roots
}
