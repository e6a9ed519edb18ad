package qjswasm

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"sync"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/wasm"
)

// EngineOptions say how the guest is compiled. The zero value, and nil, are good
// for most programs.
type EngineOptions struct {
	// CacheDir is the folder for compiled guests. Empty means "qjswasm" below
	// os.UserCacheDir. A folder that is missing is made; one that cannot be
	// written, or whose contents are damaged, costs the time to compile again.
	CacheDir string
	// NoCache compiles the guest every time and writes nothing.
	NoCache bool
	// Interpreter interprets the guest instead of compiling it. That works on any
	// platform and is 60 to 140 times slower. Where wazero has no compiler, the
	// interpreter is used anyway.
	Interpreter bool
}

// Engine is the compiled guest, from which runtimes are made. Make one, share
// it: it is safe for concurrent use.
type Engine struct {
	host *host.Engine
}

// NewEngine compiles the guest, or loads it from the cache: about 25 ms with a
// warm cache, a third of a second without. ctx bounds nothing but the compilation.
// The caller owns the result.
func NewEngine(ctx context.Context, o *EngineOptions) (*Engine, error) {
	if o == nil {
		o = &EngineOptions{}
	}
	h, err := host.NewEngine(ctx, host.EngineConfig{
		CacheDir:    o.CacheDir,
		NoCache:     o.NoCache,
		Interpreter: o.Interpreter,
	})
	if err != nil {
		return nil, err
	}
	return &Engine{host: h}, nil
}

// Close releases the engine. Runtimes made from it go on working until they are
// closed; NewRuntime fails. Idempotent, safe for concurrent use.
func (e *Engine) Close(ctx context.Context) error { return e.host.Close(ctx) }

// BuildID names the build of the guest. Bytecode from Compile is good for the
// build that made it and no other.
func BuildID() string { return wasm.BuildID() }

var defaultEngine struct {
	sync.Mutex
	engine *Engine
}

// New makes a runtime on a shared engine with default options, which is made on
// first use and never closed. See Engine.NewRuntime.
func New(ctx context.Context, o *Options) (*Runtime, error) {
	e, err := sharedEngine(ctx)
	if err != nil {
		return nil, err
	}
	return e.NewRuntime(ctx, o)
}

func sharedEngine(ctx context.Context) (*Engine, error) {
	defaultEngine.Lock()
	defer defaultEngine.Unlock()
	if defaultEngine.engine == nil {
		e, err := NewEngine(ctx, nil)
		if err != nil {
			return nil, err
		}
		defaultEngine.engine = e
	}
	return defaultEngine.engine, nil
}

// NewRuntime makes a runtime: a JS global environment with a heap of its own.
// o may be nil. ctx bounds nothing but the creation. The caller owns the result
// and should Close it; a runtime that is dropped without is reclaimed by Go's
// collector.
func (e *Engine) NewRuntime(ctx context.Context, o *Options) (*Runtime, error) {
	if o == nil {
		o = &Options{}
	}
	rt := &Runtime{opts: *o}
	cfg, err := rt.config()
	if err != nil {
		return nil, err
	}
	if rt.in, err = e.host.NewInstance(ctx, cfg); err != nil {
		return nil, err
	}
	rt.realm = bridge.Realm{In: rt.in, Emb: embedder{rt}}
	rt.undefined = &Value{rt: rt, kind: KindUndefined}
	return rt, nil
}

// seed is the source of everything random in a runtime.
func (o *Options) seed() (uint64, error) {
	if o.Seed != nil {
		return *o.Seed, nil
	}
	var b [8]byte
	_, err := rand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:]), err
}
