package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/qjswasm/qjswasm"
)

// A Go error is still itself after a script has caught it and wrapped it.
func ExampleError_Unwrap() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		panic(err)
	}
	defer rt.Close()
	if err := rt.Set("open", func(name string) error {
		return &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}); err != nil {
		panic(err)
	}
	_, err = rt.Eval(ctx, `
		try { open("a.txt") } catch (e) { throw new Error("no configuration", { cause: e }) }`)
	var path *fs.PathError
	fmt.Println(err)
	fmt.Println(errors.Is(err, fs.ErrNotExist), errors.As(err, &path), path.Path)
	// Output:
	// Error: no configuration
	// true true a.txt
}

// The members of an AggregateError are errors that errors.Is and errors.As find;
// errors.Join is an AggregateError in JS.
func ExampleError_Errors() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		panic(err)
	}
	defer rt.Close()
	if err := rt.Set("check", func() error {
		return errors.Join(errors.New("name is missing"), errors.New("age is negative"))
	}); err != nil {
		panic(err)
	}
	s, err := qjswasm.Eval[string](ctx, rt, `
		try { check() } catch (e) { e.name + ": " + e.errors.map(e => e.message).join(", ") }`)
	fmt.Println(s, err)

	v, err := rt.Eval(ctx, `Promise.any([Promise.reject(new RangeError("far")), Promise.reject("no")])`)
	if err != nil {
		panic(err)
	}
	_, err = rt.Await(ctx, v)
	var e *qjswasm.Error
	if errors.As(err, &e) {
		fmt.Println(e.Name, len(e.Errors()), e.Errors()[0])
	}
	// Output:
	// AggregateError: name is missing, age is negative <nil>
	// AggregateError 2 RangeError: far
}

// %+v shows an error with its stack and what caused it.
func ExampleError_Format() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		panic(err)
	}
	defer rt.Close()
	_, err = rt.EvalSource(ctx, qjswasm.Source{Name: "a.js", Code: `
class ParseError extends Error {}
throw new ParseError("bad input", { cause: { line: 3 } })`})
	fmt.Printf("%+v\n", err)
	// Output:
	// ParseError: bad input
	//     at ParseError (a.js:2:1)
	//     at <eval> (a.js:3:11) {
	//   [cause]: { line: 3 }
	// }
}

// quotaError chooses its class in JS.
type quotaError struct{ used int }

func (e *quotaError) Error() string  { return fmt.Sprintf("%d bytes used", e.used) }
func (e *quotaError) JSName() string { return "QuotaExceededError" }

// A Go error can choose its name in JS, or be made as one of a native class.
func ExampleNamedError() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		panic(err)
	}
	defer rt.Close()
	for name, err := range map[string]error{
		"store": fmt.Errorf("store: %w", &quotaError{used: 7}),
		"at":    &qjswasm.Error{Name: "RangeError", Message: "index out of range"},
	} {
		if err := rt.Set(name, func() error { return err }); err != nil {
			panic(err)
		}
	}
	s, err := qjswasm.Eval[[]any](ctx, rt, `
		const all = [];
		try { store() } catch (e) { all.push(e.name, e.message) }
		try { at() } catch (e) { all.push(e instanceof RangeError) }
		all`)
	fmt.Println(s, err)
	// Output: [QuotaExceededError store: 7 bytes used true] <nil>
}
