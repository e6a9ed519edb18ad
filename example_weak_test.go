package qjswasm_test

import (
	"context"
	"fmt"

	"github.com/qjswasm/qjswasm"
)

// A cache that does not keep what it knows of alive.
func ExampleValue_Weak() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		panic(err)
	}
	defer rt.Close()

	user, err := rt.Eval(ctx, `({name: "Ada"})`)
	if err != nil {
		panic(err)
	}
	weak, err := user.Weak()
	if err != nil {
		panic(err)
	}
	if v, err := weak.Value(); err == nil && v != nil {
		name, _ := v.Get("name")
		fmt.Println(name)
		v.Close()
	}

	user.Close() // nothing else refers to the object
	v, err := weak.Value()
	fmt.Println(v, err)
	// Output:
	// Ada
	// <nil> <nil>
}
