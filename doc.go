/*
Package qjswasm runs untrusted JavaScript inside a Go program, without cgo and
without a C toolchain: QuickJS-NG, compiled to WebAssembly, under wazero.

A script reaches nothing that it was not given: no files, no network, no clock
beyond milliseconds, no output. Memory, stack and time are bounded, and a script
that exceeds a bound fails with an error while the program goes on.

	rt, err := qjswasm.New(ctx, nil)
	if err != nil { … }
	defer rt.Close()
	err = rt.Set("add", func(a, b float64) float64 { return a + b })
	sum, err := qjswasm.Eval[int](ctx, rt, "add(40, 2)")

# Types

	Engine         the compiled guest; one per program, safe for concurrent use
	Runtime        a JS global environment; one goroutine at a time
	Options        what a runtime may use and reach
	Intrinsics     groups of built-ins, for Options
	Value          a JS value in Go
	WeakValue      a reference to an object that does not keep it alive
	Func, RawFunc  Go functions for JS in their dynamic and allocation-free forms
	Call           one call of such a function
	Error          a JS exception, with its stack
	ConvertError   a value that could not be converted, with the path to it
	Stats          figures of a runtime
	Leaks          what is alive on either side, and where it was made
	ModuleLoader   resolves and loads imports; FS is one over an fs.FS
	Source         a script, module or bytecode

# Confinement

Options.Intrinsics leaves groups of built-ins out: without IntrinsicEval no
script makes code of strings. Runtime.Freeze makes the built-ins immutable, so
that scripts which share a runtime cannot change the language for one another.
With Options.Seed and Now fixed, runs are repeatable.

# Functions

A Go function given to Set, NewFunc or NewValue becomes a JS function. Any
function will do whose parameters and results convert; a leading context.Context
receives the context of the entry, a trailing error is thrown. When JS drops the
function, Go's is released: there is no limit to their number, and nothing to
close.

A Go closure that keeps a *Value keeps its object alive. If that object leads to
the closure's own JS function, that is a cycle through both heaps, and it is
collected when nothing else leads to it: see Options.CycleGC and docs/memory.md.
A Runtime that is dropped without Close is reclaimed with all its functions,
whatever they refer to.

# Ownership

Results are owned by the caller; closing them is optional and only makes them go
at once. Arguments of a callback are borrowed: valid until it returns; use Dup to
keep them. Values that are primitives are copies and own nothing. A Value belongs
to one Runtime.

# Errors

A JS exception is an *Error. A Go error that a callback returns is thrown as a JS
Error and comes back out as itself: errors.Is and errors.As find it, however
often it crossed. A panic in a callback passes through JS without running any
handler of the script and comes out of the outermost call with its value; the
runtime stays usable. Interruptions are ErrInterrupted and wrap the context's
error and cause. Limits are ErrMemoryLimit, ErrStackOverflow, ErrFuel, ErrConsoleLimit
and, for ExportOptions, ErrExportLimit. A runtime that broke down, or was killed because its script did not stop (ErrKilled), says
ErrDead from then on.

# Conversions

	Go                               JS                        Go again (Export)
	nil                              null                      nil
	Undefined                        undefined                 nil; Kind tells
	Hole, in a []any                 a missing element         nil; Hole if asked for
	bool                             boolean                   bool
	integers and floats              number                    int64 if integral, else float64
	int64, uint64 beyond ±2^53       BigInt                    *big.Int
	*big.Int                         BigInt                    *big.Int
	string                           string                    string
	[]byte                           Uint8Array                []byte
	ArrayBuffer                      ArrayBuffer               ArrayBuffer
	slices, arrays                   Array                     []any
	TypedArray[T]                    Float64Array and so on    []T
	map with string keys, Object     plain object              map[string]any
	other maps, Map                  Map                       Map
	Set                              Set                       Set
	struct, pointer to struct        plain object              map[string]any
	time.Time                        Date                      time.Time
	time.Duration                    number of milliseconds    int64 or float64
	TextMarshaler                    string                    string
	json.Marshaler                   what its JSON says        the same
	RegExp                           RegExp                    RegExp
	error                            Error with its cause      *Error
	errors.Join                      AggregateError            *Error
	func                             function                  *Value
	iter.Seq, iter.Seq2              iterable                  *Value; iter.Seq if asked for
	channel to receive from          async iterable            *Value
	Live(x)                          object that is x          x
	*Value                           itself                    *Value

Strings are UTF-8 in Go: an invalid byte becomes U+FFFD on the way in, a lone
surrogate on the way out; Value.UTF16 loses nothing. docs/conversions.md has every
row, and what is lost. Struct fields are named by
`js` tags, else `json` tags, with omitempty, omitzero and "-"; embedded structs
are flattened. Typed arrays export as slices of their element type. References
that are shared, and cycles, stay shared.

ExportTo and As convert to any Go type that the value fits: numbers must be in
range and integral for integers, arrays fill slices and arrays, objects fill
structs and maps, JS functions become Go functions. Nothing is coerced: a string
is no number. The result of a mismatch is a ConvertError.

Neither of them runs code of the script: accessors are left out, and a Proxy is a
*Value. ExportWith and ExportToWith run getters, toJSON methods and Proxy traps if
ExportOptions ask for it, and take limits on depth, number and size.
*/
package qjswasm
