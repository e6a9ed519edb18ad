package qjswasm

import (
	"context"
	"slices"
	"strings"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Source is JS code.
type Source struct {
	// Name is what stack traces and import.meta.url call it, and what relative
	// imports are resolved against. Empty means "<eval>".
	//
	// Imports find a module by its name, the first there is of that name, which
	// lasts as long as the runtime. One without a name, or with one that another has,
	// no import finds: once it was evaluated, what nobody uses of it is freed, unless
	// it uses import.meta or exports the namespace of another.
	Name string
	// Code is the text, UTF-8.
	Code string
	// Module makes Code an ES module instead of a script.
	Module bool
	// Bytecode is what Compile returned; Code and Module are not used then. Never
	// load bytecode from somebody you would not run Go code from: the loader
	// trusts it. What it can damage is the guest.
	Bytecode []byte
}

const defaultName = "<eval>"

// Eval evaluates a script in the global scope and returns its completion value.
// An exception is an *Error. Runs guest code, bounded by ctx; the promise jobs
// it leaves behind wait for RunJobs. The caller owns the result.
func (rt *Runtime) Eval(ctx context.Context, code string) (*Value, error) {
	return rt.EvalSource(ctx, Source{Code: code})
}

// EvalSource evaluates a script, a module or bytecode. A script gives its
// completion value. A module gives its namespace once it is evaluated: jobs are
// run until then, as Await does. The runtime keeps a module that has a name, about a
// kilobyte at the least: see Source.Name. Runs guest code, bounded by ctx. The caller
// owns the result.
func (rt *Runtime) EvalSource(ctx context.Context, s Source) (*Value, error) {
	v, module, err := rt.eval(ctx, s)
	if err != nil || !module {
		return v, err
	}
	return rt.awaitOwned(ctx, v)
}

// eval enters the guest. For a module the result is the promise of its
// namespace.
func (rt *Runtime) eval(ctx context.Context, s Source) (v *Value, module bool, err error) {
	f, err := rt.in.Enter(ctx)
	if err != nil {
		return nil, false, err
	}
	defer f.Exit()
	status, err := rt.sendSource(f, s, 0)
	if err != nil {
		return nil, false, err
	}
	if status == abi.StatusModule {
		module, status = true, abi.StatusOK
	}
	x, err := rt.realm.Outcome(f, status)
	if err != nil {
		return nil, false, err
	}
	return x.(*Value), module, nil
}

// Compile compiles a script or module to bytecode for this build of the guest
// without running it. A syntax error is an *Error. The caller owns the result.
func (rt *Runtime) Compile(ctx context.Context, s Source) ([]byte, error) {
	if len(s.Bytecode) > 0 {
		return slices.Clone(s.Bytecode), nil
	}
	f, err := rt.in.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer f.Exit()
	status, err := rt.sendSource(f, s, abi.EvalCompile)
	if err != nil {
		return nil, err
	}
	if status != abi.StatusOK {
		return nil, rt.realm.Failure(f)
	}
	tape, err := f.Tape()
	if err == nil {
		err = rt.in.Afford(int64(len(tape)))
	}
	if err != nil {
		return nil, err
	}
	return slices.Clone(tape), nil
}

// sendSource calls the guest's eval. The request is name, code and room for a NUL.
func (rt *Runtime) sendSource(f *host.Frame, s Source, flags uint64) (uint32, error) {
	if s.Name == "" {
		s.Name = defaultName
	}
	if strings.IndexByte(s.Name, 0) >= 0 {
		return 0, &ConvertError{From: "a string with NUL", To: "the name of a source"}
	}
	if s.Module {
		flags |= abi.EvalModule
	}
	f.Req.Reset(0)
	f.Req.Buf = slices.Grow(f.Req.Buf, len(s.Name)+len(s.Code)+len(s.Bytecode)+1)
	f.Req.Buf = append(f.Req.Buf, s.Name...)
	if len(s.Bytecode) > 0 {
		flags |= abi.EvalBytecode
		f.Req.Buf = append(f.Req.Buf, s.Bytecode...)
	} else {
		f.Req.Buf = append(f.Req.Buf, s.Code...)
	}
	size := len(f.Req.Buf) - len(s.Name)
	f.Req.Buf = append(f.Req.Buf, 0)
	return f.Call(host.Eval, uint64(len(s.Name)), uint64(size), flags, modeValue)
}
