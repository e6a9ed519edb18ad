package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"testing/fstest"
	"time"

	"github.com/qjswasm/qjswasm"
)

func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	rt, err := qjswasm.New(ctx, &qjswasm.Options{MemoryLimit: 32 << 20})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()

	err = rt.Set("greet", func(name string) string { return "Hello, " + name + "!" })
	if err != nil {
		log.Fatal(err)
	}
	greetings, err := qjswasm.Eval[[]string](ctx, rt, `["Ada", "Grace"].map(name => greet(name))`)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(greetings)
	// Output: [Hello, Ada! Hello, Grace!]
}

func ExampleRuntime_Eval() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()

	_, err = rt.EvalSource(ctx, qjswasm.Source{Name: "rule.js", Code: "const order = null;\norder.total > 100"})
	var e *qjswasm.Error
	if errors.As(err, &e) {
		fmt.Println(e)
		fmt.Printf("%s:%d\n", e.Frames[0].File, e.Frames[0].Line)
	}
	// Output:
	// TypeError: cannot read property 'total' of null
	// rule.js:2
}

func ExampleRuntime_NewFunc_captures() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()

	settings, err := rt.Eval(ctx, `({ currency: "EUR" })`)
	if err != nil {
		log.Fatal(err)
	}
	price, err := rt.NewFunc("price", func(c *qjswasm.Call) (any, error) {
		currency, err := c.Captured(0).Get("currency")
		if err != nil {
			return nil, err
		}
		return fmt.Sprintf("%.2f %s", c.Float64(0), currency), nil
	}, qjswasm.Captures(settings), qjswasm.Length(1))
	if err != nil {
		log.Fatal(err)
	}
	v, err := price.Call(ctx, nil, 9.5)
	fmt.Println(v, err)
	// Output: 9.50 EUR <nil>
}

func ExampleRuntime_Await() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()

	fetch, err := rt.NewFunc("fetch", func(ctx context.Context, url string) (string, error) {
		return "contents of " + url, nil // on a goroutine of its own
	}, qjswasm.Async())
	if err != nil {
		log.Fatal(err)
	}
	if err := rt.Set("fetch", fetch); err != nil {
		log.Fatal(err)
	}
	promise, err := rt.Eval(ctx, `Promise.all(["a", "b"].map(fetch)).then(all => all.join(", "))`)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rt.Await(ctx, promise))
	// Output: contents of a, contents of b <nil>
}

func ExampleFS() {
	ctx := context.Background()
	fsys := fstest.MapFS{
		"main.mjs":       {Data: []byte(`import { area } from "./lib/shapes.mjs"; export const total = area(2) + area(3)`)},
		"lib/shapes.mjs": {Data: []byte(`export const area = side => side * side`)},
	}
	rt, err := qjswasm.New(ctx, &qjswasm.Options{Modules: qjswasm.FS(fsys)})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()

	ns, err := rt.Import(ctx, "main.mjs")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ns.Get("total"))
	_, err = rt.Import(ctx, "missing.mjs")
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	// Output:
	// 13 <nil>
	// true
}

// A script that does not end is stopped by its context, and the runtime can be
// used again.
func ExampleRuntime_interrupted() {
	rt, err := qjswasm.New(context.Background(), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()

	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err = rt.Eval(ctx, "while (true) {}")
	fmt.Println(errors.Is(err, qjswasm.ErrInterrupted), errors.Is(err, context.DeadlineExceeded))
	fmt.Println(rt.Eval(context.Background(), "'still here'"))
	// Output:
	// true true
	// still here <nil>
}

func ExampleOptions_console() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, &qjswasm.Options{Stdout: os.Stdout})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()
	_, _ = rt.Eval(ctx, `console.log("%d items", 2, { a: [1, 2], m: new Map([["k", 1n]]) })`)
	// Output: 2 items { a: [ 1, 2 ], m: Map(1) { 'k' => 1n } }
}
