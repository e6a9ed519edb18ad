// Callables shows what a Go function can be to a script: a closure with state, a
// function that keeps JS values of its own, a constructor, and a source of errors
// that Go recognizes when they come back through JS.
//
//	go run ./examples/callables
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/qjswasm/qjswasm"
)

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(w io.Writer) error {
	ctx := context.Background()
	rt, err := qjswasm.New(ctx, &qjswasm.Options{Stdout: w})
	if err != nil {
		return err
	}
	defer rt.Close()
	for _, show := range []func(context.Context, io.Writer, *qjswasm.Runtime) error{state, captures, constructor, errorsIs, release} {
		if err := show(ctx, w, rt); err != nil {
			return err
		}
	}
	return nil
}

// state: a Go closure is a JS function, and its variables are its state. The
// script calls it with what the Go signature says; anything else is a TypeError.
func state(ctx context.Context, w io.Writer, rt *qjswasm.Runtime) error {
	visits := map[string]int{}
	err := rt.Set("visit", func(page string) int {
		visits[page]++
		return visits[page]
	})
	if err != nil {
		return err
	}
	_, err = rt.Eval(ctx, `
		visit("/"); visit("/about");
		console.log("state: visit number", visit("/"), "of the front page");
		try { visit(42) } catch (e) { console.log("state:", e.name, "for a number") }
	`)
	fmt.Fprintln(w, "state: Go counted", visits)
	return err
}

// captures: JS values that a Go function needs again can be kept in the function
// object. The guest's collector sees them there, so a listener that leads back to
// its own emitter goes without waiting for Go's collector.
func captures(ctx context.Context, _ io.Writer, rt *qjswasm.Runtime) error {
	listener, err := rt.Eval(ctx, `(event) => console.log("captures: got", event)`)
	if err != nil {
		return err
	}
	defer listener.Close()
	emit, err := rt.NewFunc("emit", func(c *qjswasm.Call) (any, error) {
		// Arguments and captured values are lent for the call; Dup would keep one.
		return c.Captured(0).Call(c.Context(), nil, c.Arg(0))
	}, qjswasm.Captures(listener), qjswasm.Length(1))
	if err != nil {
		return err
	}
	defer emit.Close()
	if err := rt.Set("emit", emit); err != nil {
		return err
	}
	_, err = rt.Eval(ctx, `emit({ type: "saved", id: 7 })`)
	return err
}

// insufficientError is an error with data, as any Go program has them.
type insufficientError struct{ Missing float64 }

func (e *insufficientError) Error() string { return fmt.Sprintf("%.2f short", e.Missing) }

var errFrozen = errors.New("account is frozen")

// constructor: with the Constructor option scripts may say new, and extend it.
func constructor(ctx context.Context, _ io.Writer, rt *qjswasm.Runtime) error {
	account, err := rt.NewFunc("Account", func(c *qjswasm.Call) (any, error) {
		if c.NewTarget().IsUndefined() {
			return nil, errors.New("calling Account needs new")
		}
		return nil, c.This().Set("balance", c.Float64(0))
	}, qjswasm.Constructor(), qjswasm.Length(1))
	if err != nil {
		return err
	}
	defer account.Close()
	proto, err := account.Get("prototype")
	if err != nil {
		return err
	}
	defer proto.Close()
	withdraw, err := rt.NewFunc("withdraw", func(c *qjswasm.Call) (any, error) {
		balance, err := c.This().Get("balance")
		if err != nil {
			return nil, err
		}
		left := balance.Float64() - c.Float64(0)
		if left < 0 {
			return nil, &insufficientError{Missing: -left}
		}
		return left, c.This().Set("balance", left)
	}, qjswasm.Length(1))
	if err != nil {
		return err
	}
	defer withdraw.Close()
	if err := proto.Set("withdraw", withdraw); err != nil {
		return err
	}
	if err := rt.Set("Account", account); err != nil {
		return err
	}
	_, err = rt.Eval(ctx, `
		class Savings extends Account {
			addInterest(percent) { this.balance *= 1 + percent / 100 }
		}
		const savings = new Savings(200);
		savings.addInterest(5);
		savings.withdraw(60);
		console.log("constructor:", savings);
		try { Account(1) } catch (e) { console.log("constructor:", e.message) }
	`)
	return err
}

// errorsIs: an error that a Go function returns is an Error in JS. However often
// the script catches it, throws it again or makes it a cause, errors.Is and
// errors.As find it when it arrives in Go.
func errorsIs(ctx context.Context, w io.Writer, rt *qjswasm.Runtime) error {
	err := rt.Set("freeze", func(id int) error { return fmt.Errorf("account %d: %w", id, errFrozen) })
	if err != nil {
		return err
	}
	_, err = rt.EvalSource(ctx, qjswasm.Source{Name: "bank.js", Code: `function close(id) {
	try { freeze(id) } catch (e) { throw new Error("cannot close", { cause: e }) }
}
close(7)`})
	var js *qjswasm.Error
	if !errors.As(err, &js) {
		return fmt.Errorf("the script did not throw: %w", err)
	}
	fmt.Fprintf(w, "errors: %q is errFrozen: %t\n%s\n", js.Error(), errors.Is(err, errFrozen), js.Stack)

	_, err = rt.Eval(ctx, `new Account(10).withdraw(25)`)
	var short *insufficientError
	if !errors.As(err, &short) {
		return fmt.Errorf("another error than expected: %w", err)
	}
	fmt.Fprintf(w, "errors: As finds what is missing: %.2f\n", short.Missing)
	return nil
}

// release: Go learns when a function has died in JS. It dies when nothing in JS
// and no Value in Go refers to it any more.
func release(ctx context.Context, w io.Writer, rt *qjswasm.Runtime) error {
	if err := rt.GC(ctx); err != nil { // what else has died does not count
		return err
	}
	before := rt.Stats().Callables
	f, err := rt.NewFunc("task", func() {}, qjswasm.OnRelease(func() { fmt.Fprintln(w, "release: task has died") }))
	if err != nil {
		return err
	}
	if err := rt.Set("task", f); err != nil {
		return err
	}
	f.Close()
	fmt.Fprintln(w, "release: alive:", rt.Stats().Callables-before)
	if _, err := rt.Eval(ctx, `delete globalThis.task`); err != nil {
		return err
	}
	fmt.Fprintln(w, "release: alive:", rt.Stats().Callables-before)
	return nil
}
