package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"path"
	"strings"

	"github.com/qjswasm/qjswasm"
)

// listeners grows for as long as nobody takes any out.
var listeners []*qjswasm.Value

func subscribe(c *qjswasm.Call) error {
	listeners = append(listeners, c.Arg(0).Dup())
	return nil
}

func ExampleRuntime_Leaks() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, &qjswasm.Options{TrackAllocations: true})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()
	defer func() { listeners = nil }()

	if err := rt.Set("subscribe", subscribe); err != nil {
		log.Fatal(err)
	}
	if _, err := rt.Eval(ctx, "for (let i = 0; i < 1000; i++) subscribe(function onEvent() { return i })"); err != nil {
		log.Fatal(err)
	}
	if err := rt.GC(ctx); err != nil { // what nobody uses is no leak
		log.Fatal(err)
	}
	leaks, err := rt.Leaks()
	if err != nil {
		log.Fatal(err)
	}
	// Printing leaks as they are gives whole stacks.
	for _, group := range leaks.Groups() {
		first := group[0]
		at := first.Stack[0]
		fmt.Println(len(group), first.Kind, first.Name, "by", first.By, "in", strings.TrimPrefix(path.Ext(at.Function), "."))
	}
	// Output:
	// 1000 Function onEvent by Value.Dup in subscribe
	// 1 Function subscribe by Runtime.Set in ExampleRuntime_Leaks
}

func ExampleLeakError() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, &qjswasm.Options{TrackAllocations: true})
	if err != nil {
		log.Fatal(err)
	}
	kept, err := rt.Eval(ctx, "[1, 2, 3]")
	if err != nil {
		log.Fatal(err)
	}
	err = rt.Close()
	var leak *qjswasm.LeakError
	if errors.As(err, &leak) {
		first := leak.Leaks[0]
		fmt.Println(len(leak.Leaks), first.Kind, "by", first.By, "in", path.Ext(first.Stack[0].Function))
	}
	_, err = kept.Export()
	fmt.Println(err)
	// Output:
	// 1 Array by Runtime.Eval in .ExampleLeakError
	// qjswasm: use of a closed runtime
}
