package qjswasm_test

import (
	"context"
	"fmt"
	"log"

	"github.com/qjswasm/qjswasm"
)

// A cycle through both heaps: a Go function captures a Value, from whose object the
// function's own JS function can be reached. Once nobody uses it, it goes.
func ExampleRuntime_GC() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()

	cart, err := rt.Eval(ctx, "({items: ['apple', 'pear']})")
	if err != nil {
		log.Fatal(err)
	}
	count, err := rt.NewFunc("count", func() (int64, error) {
		items, err := cart.Get("items") // Go holds the cart
		if err != nil {
			return 0, err
		}
		return items.Len()
	})
	if err == nil {
		err = cart.Set("count", count) // which holds the function in JS
	}
	if err == nil {
		err = rt.Set("cart", cart)
	}
	if err != nil {
		log.Fatal(err)
	}

	items, err := qjswasm.Eval[int](ctx, rt, "cart.items.push('plum'); cart.count()")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(items, "items")
	if err := rt.GC(ctx); err != nil { // the script uses the cart
		log.Fatal(err)
	}
	s := rt.Stats()
	fmt.Println("Values:", s.Roots, "functions:", s.Callables)

	if _, err := rt.Eval(ctx, "cart = undefined"); err != nil {
		log.Fatal(err)
	}
	if err := rt.GC(ctx); err != nil { // nobody does; nothing had to be closed
		log.Fatal(err)
	}
	s = rt.Stats()
	fmt.Println("Values:", s.Roots, "functions:", s.Callables)
	// Output:
	// 3 items
	// Values: 1 functions: 1
	// Values: 0 functions: 0
}
