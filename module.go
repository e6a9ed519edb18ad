package qjswasm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// ModuleLoader finds what scripts import. Its methods are called on the
// goroutine that runs the script and may use the runtime, but cannot import what leads to
// a module that is being loaded; their errors are thrown into the script. What a name has
// loaded once is not loaded again.
type ModuleLoader interface {
	// Resolve turns a specifier, as it stands in an import, into the module's one
	// name. referrer is the name of the importing module or script, empty for
	// Runtime.Import.
	Resolve(ctx context.Context, referrer, specifier string) (name string, err error)
	// Load returns the module of that name: its Code, or its Bytecode. For an
	// import with type "json", "text" or "bytes", Code is that data.
	Load(ctx context.Context, name string) (Source, error)
}

// FS loads modules from a file system, such as os.DirFS, os.Root.FS or an
// embed.FS. Names are its paths; a specifier is relative ("./a.mjs", "../b.mjs")
// or begins with a slash, which is the root of the file system; Runtime.Import takes a
// path without either, too. Nothing outside of it can be named. Note that os.DirFS follows symbolic links, while os.Root
// does not leave its folder.
func FS(fsys fs.FS) ModuleLoader { return fsLoader{fsys} }

type fsLoader struct{ fs fs.FS }

var (
	errBareSpecifier = errors.New("only specifiers that begin with ./, ../ or / can be resolved")
	errOutside       = fmt.Errorf("it leads out of the file system: %w", fs.ErrInvalid)
)

func (l fsLoader) Resolve(_ context.Context, referrer, specifier string) (string, error) {
	name := specifier
	switch {
	case strings.HasPrefix(specifier, "/"):
		name = path.Clean(specifier)[1:]
	case strings.HasPrefix(specifier, "./"), strings.HasPrefix(specifier, "../"):
		name = path.Join(path.Dir(referrer), specifier)
	case referrer == "":
		name = path.Clean(specifier)
	default:
		return "", errBareSpecifier
	}
	if !fs.ValidPath(name) {
		return "", errOutside
	}
	return name, nil
}

func (l fsLoader) Load(_ context.Context, name string) (Source, error) {
	b, err := fs.ReadFile(l.fs, name)
	return Source{Name: name, Code: string(b), Module: true}, err
}

// Import loads and evaluates a module and returns its namespace. Jobs are run
// until the module is evaluated, as Await does. Runs guest code, bounded by ctx.
// The caller owns the result.
func (rt *Runtime) Import(ctx context.Context, specifier string) (*Value, error) {
	promise, err := rt.importPromise(ctx, specifier)
	if err != nil {
		return nil, err
	}
	return rt.awaitOwned(ctx, promise)
}

func (rt *Runtime) importPromise(ctx context.Context, specifier string) (*Value, error) {
	if strings.IndexByte(specifier, 0) >= 0 {
		return nil, &ConvertError{From: "a string with NUL", To: "a module specifier"}
	}
	f, err := rt.in.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer f.Exit()
	f.Req.Reset(0)
	f.Req.Buf = append(append(f.Req.Buf, specifier...), 0)
	status, err := f.Call(host.ModuleImport, 0, uint64(len(specifier)))
	if err != nil {
		return nil, err
	}
	v, err := rt.realm.Outcome(f, status)
	if err != nil {
		return nil, err
	}
	return v.(*Value), nil
}

var errNoModules = errors.New("this runtime has no module loader (Options.Modules)")

// resolveModule answers the guest's module_resolve.
func (rt *Runtime) resolveModule(inv *host.Invocation, referrer, specifier string) uint32 {
	if rt.opts.Modules == nil {
		return embedder{rt}.Throw(inv, fmt.Errorf("cannot import %q: %w", specifier, errNoModules))
	}
	name, err := rt.opts.Modules.Resolve(inv.Context(), referrer, specifier)
	if err == nil && strings.IndexByte(name, 0) >= 0 {
		err = &ConvertError{From: "a string with NUL", To: "a module name"}
	}
	if err != nil {
		return embedder{rt}.Throw(inv, fmt.Errorf("cannot import %q from %q: %w", specifier, cmp.Or(referrer, "Go"), err))
	}
	req := inv.ReturnTape()
	bridge.PutString(req, name)
	return abi.StatusOK
}

// loadModule answers the guest's module_load. kind is what the import asked for.
func (rt *Runtime) loadModule(inv *host.Invocation, name string, kind uint32) uint32 {
	s, err := rt.opts.Modules.Load(inv.Context(), name)
	if err != nil {
		return embedder{rt}.Throw(inv, fmt.Errorf("cannot import %q: %w", name, err))
	}
	if len(s.Bytecode) > 0 && kind == abi.ModuleSource {
		return inv.ReturnModule(s.Bytecode, abi.ModuleBytecode)
	}
	return inv.ReturnModule([]byte(s.Code), kind)
}
