package qjswasm_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/qjswasm/qjswasm"
)

// Getters, toJSON methods and Proxy traps run only if the options ask for it.
func ExampleValue_ExportWith() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		panic(err)
	}
	defer rt.Close()
	v, err := rt.Eval(ctx, `({
		price: 40,
		get total() { return this.price + 2 },
		currency: { toJSON() { return "EUR" } },
		items: new Proxy(["a", "b"], {}),
	})`)
	if err != nil {
		panic(err)
	}
	fmt.Println(v.ExportWith(ctx, &qjswasm.ExportOptions{Getters: true, ToJSON: true, Proxies: true}))
	_, err = v.ExportWith(ctx, &qjswasm.ExportOptions{Proxies: true, MaxNodes: 2})
	fmt.Println(err, errors.Is(err, qjswasm.ErrExportLimit))
	// Output:
	// map[currency:EUR items:[a b] price:40 total:42] <nil>
	// qjswasm: cannot convert JS value to Go value at .items: it is too large to export: more objects than MaxNodes true
}

func ExampleRegExp() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		panic(err)
	}
	defer rt.Close()
	if err := rt.Set("word", qjswasm.RegExp{Source: `\w+`, Flags: "g"}); err != nil {
		panic(err)
	}
	fmt.Println(qjswasm.Eval[[]string](ctx, rt, `"one two".match(word)`))
	fmt.Println(qjswasm.Eval[qjswasm.RegExp](ctx, rt, `/a\/b/i`))
	// Output:
	// [one two] <nil>
	// {a\/b i} <nil>
}
