// Package gc is a building block of qjswasm; most programs import only the root
// package.
//
// It forgets on both sides: values that Go dropped are queued here until the
// owner of the guest releases their roots, and callables that the guest dropped
// are taken out of the registry here.
package gc

import (
	"sync"
	"sync/atomic"
)

// Root names a value that the host holds in the guest's root table.
type Root struct {
	Index      uint32
	Generation uint32 // 0 in no live root
}

// ReleaseQueue collects the roots of values that Go's collector, or a Close on
// another goroutine, found unused. Many producers, one consumer; the zero value
// is ready. It refers to no runtime, so that cleanups may hold it.
type ReleaseQueue struct {
	mu    sync.Mutex
	roots []Root
	n     atomic.Int64 // len(roots), for callers that ask on every call
	made  atomic.Int64 // values that Hold announced
	gone  atomic.Int64 // those among them that Drop ended
}

// Hold announces a value whose root Drop will queue. Safe for concurrent use.
func (q *ReleaseQueue) Hold() { q.made.Add(1) }

// Drop ends a value and queues its root. Safe for concurrent use; never calls
// into the guest.
func (q *ReleaseQueue) Drop(r Root) {
	q.gone.Add(1)
	q.Push(r)
}

// Live returns the number of values that were held and not dropped, Made the
// number of all that were ever held. Safe for concurrent use.
func (q *ReleaseQueue) Live() int64 { return q.made.Load() - q.gone.Load() }

// Made: see Live.
func (q *ReleaseQueue) Made() int64 { return q.made.Load() }

// Push queues a root that no value holds. Safe for concurrent use; never calls into the guest.
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
