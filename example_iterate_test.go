package qjswasm_test

import (
	"context"
	"fmt"
	"iter"
	"log"
	"maps"
	"slices"

	"github.com/qjswasm/qjswasm"
)

// Range over a JS generator from Go: each value is computed when it is wanted, and
// leaving the loop closes the generator.
func ExampleIterate() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()

	fib, err := rt.Eval(ctx, `(function* () { for (let [a, b] = [0, 1]; ; [a, b] = [b, a + b]) yield a })()`)
	if err != nil {
		log.Fatal(err)
	}
	for n, err := range qjswasm.Iterate[int](ctx, fib) {
		if err != nil {
			log.Fatal(err)
		}
		if n > 50 {
			break
		}
		fmt.Print(n, " ")
	}
	// Output: 0 1 1 2 3 5 8 13 21 34
}

// An asynchronous generator is awaited, step by step.
func ExampleCollect() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()

	pages, err := rt.Eval(ctx, `(async function* () { yield "one"; await null; yield "two"; throw new Error("no more") })()`)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(qjswasm.Collect[string](ctx, pages))
	// Output: [one two] Error: no more
}

// A Go iterator is an iterable of JS: for...of, spreading and iterator helpers
// pull from it.
func ExampleRuntime_Set_iterator() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()

	naturals := func(yield func(int) bool) {
		defer fmt.Println("stopped")
		for i := 0; yield(i); i++ {
		}
	}
	ages := maps.All(map[string]int{"Ada": 36})
	for name, v := range map[string]any{"naturals": naturals, "ages": ages} {
		if err := rt.Set(name, v); err != nil {
			log.Fatal(err)
		}
	}
	for _, code := range []string{
		`let sum = 0; for (const n of naturals) { if (n > 4) break; sum += n } sum`,
		`naturals.filter(n => n % 2).map(n => n * n).take(3).toArray().join()`,
		`new Map(ages).get("Ada")`,
	} {
		v, err := rt.Eval(ctx, code)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(v)
	}
	// Output:
	// stopped
	// 10
	// stopped
	// 1,9,25
	// 36
}

// A Go channel is an asynchronous iterable of JS: the loop waits for each value,
// and ends when the channel is closed.
func ExampleRuntime_Set_channel() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()

	events := make(chan map[string]any)
	go func() {
		defer close(events)
		for i := range 3 {
			events <- map[string]any{"id": i}
		}
	}()
	if err := rt.Set("events", events); err != nil {
		log.Fatal(err)
	}
	promise, err := rt.Eval(ctx, `(async () => {
		const ids = [];
		for await (const e of events) ids.push(e.id);
		return ids.join();
	})()`)
	if err != nil {
		log.Fatal(err)
	}
	ids, err := rt.Await(ctx, promise)
	fmt.Println(ids, err)
	// Output: 0,1,2 <nil>
}

// A callback takes any iterable as a sequence. What the script throws in it is
// thrown by the call.
func ExampleRuntime_Set_sequence() {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()

	sorted := func(seq iter.Seq[string]) []string { return slices.Sorted(seq) }
	if err := rt.Set("sorted", sorted); err != nil {
		log.Fatal(err)
	}
	for _, code := range []string{
		`sorted(new Set(["b", "a"])).join()`,
		`sorted({ *[Symbol.iterator]() { yield "d"; yield "c" } }).join()`,
		`sorted((function* () { yield "e"; throw new Error("cut short") })()).join()`,
	} {
		fmt.Println(rt.Eval(ctx, code))
	}
	// Output:
	// a,b <nil>
	// c,d <nil>
	// <nil> Error: cut short
}
