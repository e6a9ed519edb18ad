package qjswasm_test

import (
	"context"
	"fmt"
	"log"

	"github.com/qjswasm/qjswasm"
)

func ExampleRuntime_Freeze() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()
	if err := rt.Freeze(ctx); err != nil {
		log.Fatal(err)
	}
	_, err = rt.Eval(ctx, `"use strict"; Array.prototype.map = () => ["stolen"]`)
	fmt.Println(err)
	// Objects of scripts are as free as ever.
	v, err := rt.Eval(ctx, `"use strict"; const point = { x: 1 }; point.toString = () => "(1)"; [point].map(String)[0]`)
	fmt.Println(v, err)
	// Output:
	// TypeError: 'map' is read-only
	// (1) <nil>
}

func ExampleIntrinsics() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, &qjswasm.Options{
		Intrinsics: qjswasm.AllIntrinsics &^ (qjswasm.IntrinsicEval | qjswasm.IntrinsicRegExp),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()
	for _, code := range []string{`new Function("return 1")`, `/(a*)*b/`, `typeof eval`} {
		v, err := rt.Eval(ctx, code)
		fmt.Println(v, err)
	}
	// Output:
	// <nil> TypeError: eval is not supported
	// <nil> SyntaxError: RegExp are not supported
	// undefined <nil>
}
