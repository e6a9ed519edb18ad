package attack

import (
	"context"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/qjswasm/qjswasm"
)

// host is what a script finds as the global "host": functions of every form that
// an embedder might offer, and some that none should.
type host struct {
	rt   *qjswasm.Runtime
	kept []*qjswasm.Value
}

// hostsAlive counts the hosts that Go's collector has not found: those of
// runtimes that still hold their functions.
var hostsAlive atomic.Int64

func newHost(rt *qjswasm.Runtime) *host {
	h := &host{rt: rt}
	hostsAlive.Add(1)
	runtime.AddCleanup(h, func(n int64) { hostsAlive.Add(n) }, -1)
	return h
}

// order is a struct as a rules engine might take it.
type order struct {
	ID    int            `js:"id"`
	Total float64        `js:"total"`
	Notes []string       `js:"notes"`
	Next  *order         `js:"next"`
	Extra map[string]any `js:"extra"`
}

// install gives the runtime its host functions.
func (h *host) install() error {
	later, err := h.rt.NewFunc("later", func(n int) int { time.Sleep(time.Millisecond); return n }, qjswasm.Async())
	if err != nil {
		return err
	}
	class, err := h.rt.NewFunc("Class", func(c *qjswasm.Call) (any, error) {
		return nil, c.This().Set("made", c.Arg(0))
	}, qjswasm.Constructor())
	if err != nil {
		return err
	}
	err = h.rt.Set("host", map[string]any{
		"later":  later,
		"Class":  class,
		"nop":    func(*qjswasm.Call) error { return nil },
		"same":   func(c *qjswasm.Call) (any, error) { return c.Arg(0), nil },
		"any":    func(x any) any { return x },
		"add":    func(x, y float64) float64 { return x + y },
		"count":  func(all ...any) int { return len(all) },
		"args":   func(c *qjswasm.Call) (any, error) { return len(c.Args()), nil },
		"text":   func(n int) string { return text(n) },
		"size":   func(s string) int { return len(s) },
		"bytes":  func(b []byte) int { return len(b) },
		"order":  func(o order) float64 { return o.Total },
		"list":   func(l []int) int { return len(l) },
		"time":   func(t time.Time) time.Time { return t },
		"fail":   func() error { return errHost },
		"panic":  func() { panic("host panic") },
		"make":   func() any { return func() int { return 1 } },
		"keep":   h.keep,
		"call":   h.call,
		"func":   func(c context.Context, f func(context.Context) (any, error)) (any, error) { return f(c) },
		"get":    func(o *qjswasm.Value, key string) (any, error) { return o.Get(key) },
		"set":    func(o *qjswasm.Value, key string, v any) error { return o.Set(key, v) },
		"json":   func(v *qjswasm.Value) (string, error) { b, err := v.MarshalJSON(); return string(b), err },
		"eval":   func(c context.Context, code string) (any, error) { return h.rt.Eval(c, code) },
		"import": func(c context.Context, name string) (any, error) { return h.rt.Import(c, name) },
		"jobs":   func(c context.Context) (int, error) { return h.rt.RunJobs(c) },
		"await":  func(c context.Context, v *qjswasm.Value) (any, error) { return h.rt.Await(c, v) },
		"gc":     func(c context.Context) error { return h.rt.GC(c) },
		"close":  func() error { return h.rt.Close() },
		"stats":  func() int { return h.rt.Stats().Roots },
	})
	later.Close()
	class.Close()
	return err
}

// call calls a function with the arguments that follow it.
func (h *host) call(c *qjswasm.Call) (any, error) {
	args := make([]any, 0, c.NumArgs())
	for _, v := range c.Args() {
		args = append(args, v)
	}
	if len(args) > 0 {
		args = args[1:]
	}
	return c.Arg(0).Call(c.Context(), nil, args...)
}

// keep holds on to what it is given, as a careless host does.
func (h *host) keep(c *qjswasm.Call) error {
	h.kept = append(h.kept, c.Arg(0).Dup())
	return nil
}

// drop lets go of what the script has kept.
func (h *host) drop() {
	for _, v := range h.kept {
		v.Close()
	}
	h.kept = nil
}

// text makes n bytes of text, in pieces that Go can preempt between.
func text(n int) string {
	var b strings.Builder
	b.Grow(n)
	for piece := strings.Repeat("x", 1<<16); n > 0; n -= len(piece) {
		b.WriteString(piece[:min(n, len(piece))])
	}
	return b.String()
}
