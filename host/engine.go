// Package host is a building block of qjswasm; most programs import only the
// root package.
//
// It runs the guest under wazero: the compiled module and its cache, instances
// and their memory, calls in both directions, interruption and capabilities. It
// is the only package that imports wazero, and none of wazero's types is in its
// API. It knows cells, tapes and callables, not what Go types they stand for.
package host

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/qjswasm/qjswasm/internal/abi"
	"github.com/qjswasm/qjswasm/wasm"
)

// EngineConfig says how the guest is compiled.
type EngineConfig struct {
	CacheDir    string // where compiled guests are kept; "" means below os.UserCacheDir
	NoCache     bool   // compile every time
	Interpreter bool   // interpret the guest: any platform, 60 to 140 times slower
}

// Engine is a compiled guest. It is safe for concurrent use.
type Engine struct {
	wazero   wazero.Runtime
	compiled wazero.CompiledModule
	images   images
	// defaultStack is the StackSize of instances that do not say, in bytes.
	defaultStack int64

	mu        sync.Mutex
	closed    bool
	instances int
}

// NewEngine compiles the guest, or loads it from the cache.
func NewEngine(ctx context.Context, cfg EngineConfig) (*Engine, error) {
	var cache wazero.CompilationCache
	var folder string
	if !cfg.NoCache && !cfg.Interpreter {
		cache, folder = openCache(cfg.CacheDir)
	}
	e, err := newEngine(ctx, cfg, cache)
	if err != nil && cache != nil && ctx.Err() == nil {
		// Whatever is wrong with the cache must not keep the program from working.
		cache = nil
		e, err = newEngine(ctx, cfg, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("qjswasm: compiling the guest: %w", err)
	}
	if cache != nil {
		sealCache(folder)
	}
	if _, err := e.image(ctx, abi.IntrinsicAll); err != nil {
		return nil, errors.Join(err, e.Close(ctx))
	}
	return e, nil
}

// interpreterStack is what runaway recursion of functions can use up before it
// meets the 2,000 calls that wazero's interpreter allows, in bytes: one is an
// error that scripts can catch, the other the end of the guest.
const interpreterStack = 128 << 10

// compilable tells whether wazero has a compiler for a processor.
func compilable(arch string) bool { return arch == "amd64" || arch == "arm64" }

func newEngine(ctx context.Context, cfg EngineConfig, cache wazero.CompilationCache) (*Engine, error) {
	rc := wazero.NewRuntimeConfig()
	if cfg.Interpreter {
		rc = wazero.NewRuntimeConfigInterpreter()
	}
	if cache != nil {
		rc = rc.WithCompilationCache(cache)
	}
	ctx = experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0))
	e := &Engine{wazero: wazero.NewRuntimeWithConfig(ctx, rc), defaultStack: MaxStack}
	if cfg.Interpreter || !compilable(runtime.GOARCH) {
		e.defaultStack = interpreterStack
	}
	err := exportHost(ctx, e.wazero)
	if err == nil {
		e.compiled, err = e.wazero.CompileModule(ctx, wasm.Module())
	}
	if err != nil {
		return nil, errors.Join(err, e.wazero.Close(ctx))
	}
	return e, nil
}

// Close releases the engine once the last of its instances is closed; until
// then they go on working. New instances fail with ErrEngineClosed at once.
// Idempotent.
func (e *Engine) Close(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil
	}
	e.closed = true
	if e.instances > 0 {
		return nil
	}
	return e.wazero.Close(ctx)
}

func (e *Engine) acquire() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return ErrEngineClosed
	}
	e.instances++
	return nil
}

func (e *Engine) release() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.instances--
	if e.closed && e.instances == 0 {
		_ = e.wazero.Close(context.Background())
	}
}
