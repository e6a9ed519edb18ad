package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"math/big"
	"time"

	"github.com/qjswasm/qjswasm"
)

// exampleRuntime makes the runtime of an example.
func exampleRuntime() *qjswasm.Runtime {
	rt, err := qjswasm.New(context.Background(), nil)
	if err != nil {
		log.Fatal(err)
	}
	return rt
}

func ExampleRuntime_NewValue() {
	rt := exampleRuntime()
	defer rt.Close()
	describe, err := qjswasm.Eval[func(any) (string, error)](context.Background(), rt, `(x) => {
		const kind = x === null || x === undefined ? typeof x : x.constructor.name
		if (kind === "Map") return "Map " + JSON.stringify([...x])
		if (kind === "Object" || kind === "Array") return kind + " " + JSON.stringify(x)
		if (kind === "Date") return kind + " " + x.toISOString()
		return kind + " " + (typeof x === "function" ? x(40, 2) : String(x))
	}`)
	if err != nil {
		log.Fatal(err)
	}
	type item struct {
		Name  string   `js:"name"`
		Tags  []string `json:"tags,omitempty"`
		Price float64  `js:"-"`
	}
	for _, x := range []any{
		nil, qjswasm.Undefined, true, 42, 1.5, "é", int64(1) << 60, big.NewInt(7), []byte{1, 2}, []int{1, 2},
		map[string]int{"b": 1, "a": 2}, map[int]string{1: "one"}, item{Name: "pen", Price: 2},
		time.Unix(0, 0), errors.New("no"), func(a, b int) int { return a + b },
	} {
		s, err := describe(x)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(s)
	}
	// Output:
	// object null
	// undefined undefined
	// Boolean true
	// Number 42
	// Number 1.5
	// String é
	// BigInt 1152921504606846976
	// BigInt 7
	// Uint8Array 1,2
	// Array [1,2]
	// Object {"a":2,"b":1}
	// Map [[1,"one"]]
	// Object {"name":"pen"}
	// Date 1970-01-01T00:00:00.000Z
	// Error Error: no
	// Function 42
}

func ExampleValue_Export() {
	rt := exampleRuntime()
	defer rt.Close()
	for _, code := range []string{
		"null", "1", "1.5", "2n ** 64n", "'a'", "[1, 'a']", "({a: 1})", "new Map([['k', 1]])", "new Set([1])",
		"new Date(0)", "new Uint8Array([1])", "new Float32Array([0.5])", "new RangeError('far')", "() => 1",
	} {
		v, err := rt.Eval(context.Background(), code)
		if err != nil {
			log.Fatal(err)
		}
		x, err := v.Export()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%T %v\n", x, x)
	}
	// Output:
	// <nil> <nil>
	// int64 1
	// float64 1.5
	// *big.Int 18446744073709551616
	// string a
	// []interface {} [1 a]
	// map[string]interface {} map[a:1]
	// bridge.Map [{k 1}]
	// bridge.Set [1]
	// time.Time 1970-01-01 00:00:00 +0000 UTC
	// []uint8 [1]
	// []float32 [0.5]
	// *qjswasm.Error RangeError: far
	// *qjswasm.Value [object Function]
}

func ExampleValue_ExportTo() {
	rt := exampleRuntime()
	defer rt.Close()
	v, err := rt.Eval(context.Background(), `
		const root = {name: "root", children: []}
		root.children.push({name: "leaf", parent: root})
		root`)
	if err != nil {
		log.Fatal(err)
	}
	type node struct {
		Name     string  `js:"name"`
		Parent   *node   `js:"parent"`
		Children []*node `js:"children"`
	}
	var n node
	if err := v.ExportTo(&n); err != nil {
		log.Fatal(err)
	}
	leaf := n.Children[0]
	fmt.Println(n.Name, leaf.Name, leaf.Parent == &n)
	// Output: root leaf true
}

func ExampleAs() {
	rt := exampleRuntime()
	defer rt.Close()
	v, err := rt.Eval(context.Background(), "({a: [1, 2], b: []})")
	if err != nil {
		log.Fatal(err)
	}
	m, err := qjswasm.As[map[string][]int](v)
	fmt.Println(m, err)
	// Output: map[a:[1 2] b:[]] <nil>
}

func ExampleAs_function() {
	rt := exampleRuntime()
	defer rt.Close()
	v, err := rt.Eval(context.Background(), "(name, n) => { if (n < 0) throw new RangeError('negative'); return name.repeat(n) }")
	if err != nil {
		log.Fatal(err)
	}
	repeat, err := qjswasm.As[func(context.Context, string, int) (string, error)](v)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(repeat(context.Background(), "ab", 3))
	fmt.Println(repeat(context.Background(), "ab", -1))
	// Output:
	// ababab <nil>
	//  RangeError: negative
}

func ExampleObject() {
	rt := exampleRuntime()
	defer rt.Close()
	o, err := qjswasm.Eval[qjswasm.Object](context.Background(), rt, "({z: 1, a: 2})")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(o)
	v, err := rt.NewValue(append(o, qjswasm.Property{Key: "m", Value: 3}))
	if err != nil {
		log.Fatal(err)
	}
	keys, err := v.Keys()
	fmt.Println(keys, err)
	// Output:
	// [{z 1} {a 2}]
	// [z a m] <nil>
}

func ExampleMap() {
	rt := exampleRuntime()
	defer rt.Close()
	m, err := qjswasm.Eval[qjswasm.Map](context.Background(), rt, "new Map([['b', 1], [2, [3]]])")
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range m {
		fmt.Println(e.Key, e.Value)
	}
	// With keys of one type, a Go map will do.
	prices, err := qjswasm.Eval[map[string]float64](context.Background(), rt, "new Map([['tea', 2.5]])")
	fmt.Println(prices, err)
	// Output:
	// b 1
	// 2 [3]
	// map[tea:2.5] <nil>
}

func ExampleSet() {
	rt := exampleRuntime()
	defer rt.Close()
	if err := rt.Set("colours", qjswasm.Set{"red", "green"}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(qjswasm.Eval[bool](context.Background(), rt, "colours.has('green')"))
	// Output: true <nil>
}

func ExampleArrayBuffer() {
	rt := exampleRuntime()
	defer rt.Close()
	if err := rt.Set("buffer", qjswasm.ArrayBuffer{1, 0, 2, 0}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(qjswasm.Eval[[]uint16](context.Background(), rt, "new Uint16Array(buffer)"))
	// Output: [1 2] <nil>
}

func ExampleConvertError() {
	rt := exampleRuntime()
	defer rt.Close()
	type order struct{ Total float64 }
	type shop struct{ Orders []order }
	_, err := qjswasm.Eval[shop](context.Background(), rt, "({Orders: [{Total: 1}, {Total: 'two'}]})")
	var unfit *qjswasm.ConvertError
	fmt.Println(errors.As(err, &unfit), unfit.Path)
	fmt.Println(err)

	// A Go function called with the wrong arguments throws a TypeError.
	if err := rt.Set("ship", func(to string, o order) {}); err != nil {
		log.Fatal(err)
	}
	_, err = rt.Eval(context.Background(), "ship('here', {Total: 'two'})")
	fmt.Println(err)
	// Output:
	// true .Orders[1].Total
	// qjswasm: cannot convert JS string to Go float64 at .Orders[1].Total
	// TypeError: cannot convert JS string to Go float64 at arguments[1].Total
}

// Go errors keep their identity on the way through a script.
func ExampleAs_error() {
	rt := exampleRuntime()
	defer rt.Close()
	if err := rt.Set("failure", &fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}); err != nil {
		log.Fatal(err)
	}
	err, _ := qjswasm.Eval[error](context.Background(), rt, "failure")
	fmt.Println(err, errors.Is(err, fs.ErrNotExist))
	path, _ := qjswasm.Eval[*fs.PathError](context.Background(), rt, "failure")
	fmt.Println(path.Path)
	// Output:
	// Error: open x: file does not exist true
	// x
}
