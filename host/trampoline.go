package host

import (
	"context"
	"fmt"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// exportHost defines what the guest imports. The functions are shared by all
// instances: the context that wazero passes through is the caller's Frame.
func exportHost(ctx context.Context, r wazero.Runtime) error {
	const i32, i64 = api.ValueTypeI32, api.ValueTypeI64
	status := []api.ValueType{i32}
	b := r.NewHostModuleBuilder("qjs")
	define := func(name string, f api.GoModuleFunction, params ...api.ValueType) {
		b = b.NewFunctionBuilder().WithGoModuleFunction(f, params, status).Export(name)
	}
	define("func_call", funcCall{}, i64, i64, i32, i32, i32)
	define("live", api.GoModuleFunc(liveTrampoline), i64, i32, i64, i64)
	define("wake", api.GoModuleFunc(wakeTrampoline), i32)
	define("interrupt_poll", api.GoModuleFunc(interruptPollTrampoline), i32)
	define("console_write", api.GoModuleFunc(consoleWriteTrampoline), i32, i32, i32)
	define("module_resolve", api.GoModuleFunc(moduleResolveTrampoline), i32, i32, i32, i32)
	define("module_load", api.GoModuleFunc(moduleLoadTrampoline), i32, i32, i32)
	for name, f := range map[string]api.GoModuleFunc{"segment_call": segmentCallTrampoline, "summary": summaryTrampoline} {
		b = b.NewFunctionBuilder().WithGoModuleFunction(f, []api.ValueType{i32, i32}, nil).Export(name)
	}
	if _, err := b.Instantiate(ctx); err != nil {
		return err
	}
	b = r.NewHostModuleBuilder("wasi_snapshot_preview1")
	define("clock_time_get", api.GoModuleFunc(clockTimeGetTrampoline), i32, i64, i32)
	_, err := b.Instantiate(ctx)
	return err
}

// funcCall calls a Go function for the guest. As a type of its own it is called
// directly, where a func would be called through another.
type funcCall struct{}

// Call implements api.GoModuleFunction.
func (funcCall) Call(ctx context.Context, _ api.Module, stack []uint64) {
	f := ctx.(*Frame)
	in := f.in
	c := in.Callables.Lookup(callables.Handle(stack[0]))
	inv := &f.inv
	inv.reset(stack[1], uint32(stack[2]), uint32(stack[3]), uint32(stack[4]))
	inv.newTarget = in.ioBlock().uint64(abi.IONewTarget)
	if c == nil || c.Call == nil && !(c.demoted && c.late() && c.Call != nil) {
		stack[0] = uint64(in.upcall(f, throwReleased))
		return
	}
	if inv.argc > maxArgs {
		stack[0] = uint64(in.upcall(f, throwTooMany))
		return
	}
	size, ok := in.argumentBytes(inv)
	if !ok {
		_ = in.corrupt("arguments out of bounds")
		stack[0] = abi.StatusAbort
		return
	}
	if size > smallArguments && in.Afford(size) != nil {
		stack[0] = uint64(in.upcall(f, throwHostLimit))
		return
	}
	if size > smallArguments {
		inv.Hold(size)
	}
	stack[0] = uint64(in.upcall(f, c.Call))
}

func throwReleased(inv *Invocation) uint32 { return inv.Throw(TypeError, ErrReleased) }

// upcall runs host code for the guest: at a safe point, with the gate open, and
// so that neither a panic nor a Goexit unwinds wasm frames unnoticed.
func (in *Instance) upcall(f *Frame, call func(*Invocation) uint32) uint32 {
	var released []func()
	io := in.ioBlock()
	dead := int(io.uint32(abi.IODeadCount))
	if dead >= manyDead || in.Callables.Len()-int(io.uint32(abi.IOCallableCount))-dead >= manyStray {
		released = in.takeMany()
	}
	if in.Releases.Len() >= manyReleases {
		_ = in.releaseRoots()
	}
	if in.dead != nil || in.panicked != nil {
		f.inv.Hold(-f.inv.held)
		f.released = append(f.released, released...)
		return abi.StatusAbort
	}
	if in.cfg.Timeout > 0 { // a context rings by itself
		in.alarm.set(f.deadline)
	}
	status := in.protect(f, call, released)
	// What a callback says when its context is done is not for scripts to catch. And
	// it may take any time, while it costs the guest hardly a tick.
	if (status == abi.StatusThrow || in.late()) && in.poll() {
		return abi.StatusAbort
	}
	if in.ioUint32(abi.IOUnfreed) != 0 && in.settleAbort() != nil {
		return abi.StatusAbort
	}
	return in.finish(&f.inv, status)
}

type thrown struct{ value any }

// protect calls host code. A panic becomes an abort that Frame.call raises
// again once the guest is unwound.
func (in *Instance) protect(f *Frame, call func(*Invocation) uint32, released []func()) (status uint32) {
	inv := &f.inv
	inv.depth = in.depth
	if !inv.keeps || released != nil {
		inv.lent = true
		in.gate.lend(inv.depth)
	}
	returned := false
	defer func() {
		inv.Reclaim()
		if inv.early {
			inv.early = false
			in.early--
		}
		inv.active = false
		inv.Hold(-inv.held)
		if returned {
			return
		}
		if r := recover(); r != nil {
			in.panicked = &thrown{r}
			status = abi.StatusAbort
		}
		// Otherwise this is a Goexit, which cannot be stopped. The frames' Exits
		// find their calls unfinished and mark the instance dead.
	}()
	if released != nil {
		notify(released)
	}
	if inv.keeps {
		inv.Reclaim()
	}
	status = call(inv)
	returned = true
	return status
}

// finish hands the outcome of an invocation to the guest.
func (in *Instance) finish(inv *Invocation, status uint32) uint32 {
	if in.dead != nil || in.panicked != nil {
		inv.req.Reset(0) // what it refers to is not kept
		return abi.StatusAbort
	}
	if status != abi.StatusOK && status != abi.StatusThrow {
		return status
	}
	if len(inv.req.Buf) > 0 || inv.req.over {
		if err := in.writeRequest(in.frame(), &inv.req); err != nil {
			if in.dead == nil { // no memory for the result
				in.abort, in.abortedAt = err, time.Now()
			}
			return abi.StatusAbort
		}
		inv.req.Reset(0) // a large one is not kept
	}
	io := in.ioBlock()
	if inv.text != "" {
		io.setText(inv.text)
		inv.text = ""
	}
	io.setUint64(abi.IOResult, inv.result)
	io.setUint64(abi.IOResultAux, inv.aux)
	return status
}

func interruptPollTrampoline(ctx context.Context, _ api.Module, stack []uint64) {
	in := ctx.(*Frame).in
	in.ticks.spend(int32(stack[0]))
	stop := in.poll()
	if in.dead != nil {
		// wazero unwinds the guest for a host function that panics.
		panic(in.dead)
	}
	granted := in.ticks.grant(time.Now())
	if stop {
		granted = -granted
	}
	stack[0] = uint64(uint32(granted))
}

func consoleWriteTrampoline(ctx context.Context, _ api.Module, stack []uint64) {
	f := ctx.(*Frame)
	in := f.in
	level := uint32(stack[0])
	text, err := in.Bytes(uint32(stack[1]), uint32(stack[2]))
	if err != nil || in.cfg.Console == nil {
		stack[0] = abi.StatusAbort
		return
	}
	f.inv.reset(abi.Undefined, 0, 0, 0)
	stack[0] = uint64(in.upcall(f, func(inv *Invocation) uint32 { return in.cfg.Console(inv, level, text) }))
}

// maxModuleName is the length in bytes of the longest module name and specifier:
// the host copies them, and quotes them in errors.
const maxModuleName = 64 << 10

var errModuleName = fmt.Errorf("qjswasm: a module name or specifier is longer than %d bytes", maxModuleName)

func throwModuleName(inv *Invocation) uint32 { return inv.Throw(TypeError, errModuleName) }

// pair reads two strings, given as pointers and lengths.
func (in *Instance) pair(p []uint64) (a, b string, err error) {
	if uint32(p[1]) > maxModuleName || uint32(p[3]) > maxModuleName {
		return "", "", errModuleName
	}
	x, err := in.Bytes(uint32(p[0]), uint32(p[1]))
	if err != nil {
		return "", "", err
	}
	y, err := in.Bytes(uint32(p[2]), uint32(p[3]))
	return string(x), string(y), err
}

func moduleResolveTrampoline(ctx context.Context, _ api.Module, stack []uint64) {
	f := ctx.(*Frame)
	in := f.in
	referrer, specifier, err := in.pair(stack)
	if err == errModuleName {
		f.inv.reset(abi.Undefined, 0, 0, 0)
		stack[0] = uint64(in.upcall(f, throwModuleName))
		return
	}
	if err != nil || in.cfg.Resolve == nil {
		stack[0] = abi.StatusAbort
		return
	}
	f.inv.reset(abi.Undefined, 0, 0, 0)
	stack[0] = uint64(in.upcall(f, func(inv *Invocation) uint32 { return in.cfg.Resolve(inv, referrer, specifier) }))
}

func moduleLoadTrampoline(ctx context.Context, _ api.Module, stack []uint64) {
	f := ctx.(*Frame)
	in := f.in
	name, err := in.Bytes(uint32(stack[0]), uint32(stack[1]))
	if err == nil && len(name) > maxModuleName {
		f.inv.reset(abi.Undefined, 0, 0, 0)
		stack[0] = uint64(in.upcall(f, throwModuleName))
		return
	}
	if err != nil || in.cfg.Load == nil {
		stack[0] = abi.StatusAbort
		return
	}
	id, kind := string(name), uint32(stack[2])
	f.inv.reset(abi.Undefined, 0, 0, 0)
	stack[0] = uint64(in.upcall(f, func(inv *Invocation) uint32 { return in.cfg.Load(inv, id, kind) }))
}

// clockTimeGetTrampoline is WASI's clock_time_get: clock 0 is the time of day,
// clock 1 the time since the instance was made. Both come from Now, so that a
// fixed clock stands still everywhere.
// https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#clock_time_get
func clockTimeGetTrampoline(ctx context.Context, _ api.Module, stack []uint64) {
	in := ctx.(*Frame).in
	ns := in.now().UnixNano()
	if uint32(stack[0]) != 0 {
		ns -= in.started.UnixNano()
	}
	ok := in.mem.WriteUint64Le(uint32(stack[2]), uint64(ns))
	stack[0] = 0
	if !ok {
		stack[0] = 21 // EFAULT
	}
}

// now asks the clock. A panic in Options.Now is raised out of the outermost call.
func (in *Instance) now() time.Time {
	defer func() {
		if r := recover(); r != nil {
			in.panicked = &thrown{r}
		}
	}()
	if in.cfg.Now != nil {
		return in.cfg.Now()
	}
	return time.Now().Truncate(time.Millisecond)
}
