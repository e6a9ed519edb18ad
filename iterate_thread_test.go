package qjswasm_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// apart runs f on another goroutine, and reports whether it called runtime.Goexit.
func apart(locked bool, f func()) (goexit bool) {
	done := make(chan bool)
	go func() {
		goexit := true
		defer func() { done <- goexit }()
		if locked {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
		}
		f()
		goexit = false
	}()
	return <-done
}

// An iteration goes on, ends and is dropped on any goroutine, locked to its thread or not.
func TestGoSequenceOnAnyThread(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, begun := range []bool{false, true} {
		for _, locked := range []bool{false, true} {
			for name, ends := range map[string]func(rt *qjswasm.Runtime){
				"next":   func(rt *qjswasm.Runtime) { assert.Equal(t, int64(99), eval(t, rt, "[...it].length").Int64()) },
				"return": func(rt *qjswasm.Runtime) { eval(t, rt, "it.return()") },
				"drop":   func(rt *qjswasm.Runtime) { eval(t, rt, "it = null"); collect(t, rt) },
				"close":  func(rt *qjswasm.Runtime) { require.NoError(t, rt.Close()) },
			} {
				var c counter
				rt := newRuntime(t, nil)
				require.NoError(t, rt.Set("seq", c.seq(100)))
				apart(begun, func() { eval(t, rt, "it = seq[Symbol.iterator](); it.next()") })
				assert.False(t, apart(locked, func() { ends(rt) }))
				assert.Equal(t, 1, c.ended, "%s, locked before: %v, now: %v", name, begun, locked)
			}
			apart(begun, func() { // nobody closes the runtime
				var c counter
				rt, err := qjswasm.New(ctx, nil)
				require.NoError(t, err)
				require.NoError(t, rt.Set("seq", c.seq(100)))
				eval(t, rt, "it = seq[Symbol.iterator](); it.next()")
			})
		}
	}
	for range 5 {
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	settled(t, before)
}

// What a sequence does to its own goroutine is done to the one that waits for it.
func TestGoSequencePanicsAndExits(t *testing.T) {
	for _, code := range []string{"it.next()", "it.return()", "it = null; 0"} {
		for name, last := range map[string]func(){
			"panic":  func() { panic("mine") },
			"goexit": runtime.Goexit, // which takes the guest's frames along
		} {
			rt := newRuntime(t, nil)
			ended := false
			require.NoError(t, rt.Set("seq", func(yield func(int) bool) {
				defer func() { ended = true }()
				yield(1)
				last()
			}))
			eval(t, rt, "it = seq[Symbol.iterator](); it.next(); 0")
			var recovered any
			goexit := apart(false, func() {
				defer func() { recovered = recover() }()
				eval(t, rt, code)
				collect(t, rt)
			})
			assert.True(t, ended, code)
			if name == "goexit" {
				assert.True(t, goexit, code)
				continue
			}
			assert.Equal(t, "mine", recovered, code)
			requireUsable(t, rt)
		}
	}
}

// Its yield may be called too often, too late, and on any goroutine.
func TestGoSequenceYieldsOddly(t *testing.T) {
	rt := newRuntime(t, nil)
	var late func(int) bool
	require.NoError(t, rt.Set("elsewhere", func(yield func(int) bool) {
		late = yield
		apart(true, func() { yield(1) })
		yield(2)
	}))
	assert.Equal(t, "1,2", eval(t, rt, "[...elsewhere].join()").String())
	assert.False(t, late(3))

	before := runtime.NumGoroutine()
	require.NoError(t, rt.Set("left", func(yield func(int) bool) {
		go func() {
			for yield(1) {
			}
		}()
		time.Sleep(time.Millisecond)
	}))
	for range 20 {
		eval(t, rt, "[...left].length")
	}
	settled(t, before)

	require.NoError(t, rt.Set("again", func(yield func(int) bool) { late = yield; yield(1) }))
	eval(t, rt, "it = again[Symbol.iterator](); it.next(); 0")
	assert.PanicsWithError(t, "qjswasm: a Go iterator yields again before yield has returned", func() { late(2) })
	eval(t, rt, "it.return(); 0")
	assert.False(t, late(2))
	requireUsable(t, rt)
}

// A panic in what a sequence defers has nobody to go to, once the runtime was dropped.
func TestDroppedSequencePanics(t *testing.T) {
	before := runtime.NumGoroutine()
	func() {
		rt, err := qjswasm.New(ctx, nil)
		require.NoError(t, err)
		require.NoError(t, rt.Set("seq", func(yield func(int) bool) {
			yield(1)
			panic("mine")
		}))
		eval(t, rt, "it = seq[Symbol.iterator](); it.next(); 0")
	}()
	for range 20 {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	settled(t, before)
}

// What a sequence yields is kept until the script has it, whatever the sequence does when it ends.
func TestYieldedErrorIsKept(t *testing.T) {
	rt := newRuntime(t, nil)
	fail := func(yield func(int, error) bool) bool {
		_, err := rt.Eval(ctx, "throw {a: 42, b: [1,2,3]}")
		return yield(0, err)
	}
	require.NoError(t, rt.Set("seq", func(yield func(int, error) bool) {
		defer func() {
			for range 5 {
				runtime.GC()
				time.Sleep(time.Millisecond)
				assert.NoError(t, rt.GC(ctx))
			}
		}()
		fail(yield)
	}))
	v, err := rt.Eval(ctx, "let r; try { for (const x of seq); r = 'none' } catch (e) { r = String(e && e.a) + ' ' + e } r")
	require.NoError(t, err)
	assert.Equal(t, "42 [object Object]", v.String())
	requireUsable(t, rt)
}
