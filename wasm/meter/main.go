// Meter makes every loop of a wasm module count, so that no code in it, whatever
// it is made to do, runs for long without a call to the host.
//
//	meter in.wasm out.wasm
//
// At the head of each loop it decrements the mutable global exported as
// qjs_ticks, and calls the function exported as qjs_ticks_expired when it falls
// below zero. Bulk memory instructions become calls of qjs_memory_copy and
// qjs_memory_fill, which move pieces and count them.
//
// One loop is left alone: an interpreter's dispatch, known by its branch table.
// A tick for each bytecode would cost too much; wasm/patches puts one on every
// jump backwards and call instead.
//
// It works on the linked and optimised module, so that what the C library and
// the compiler contribute is covered like everything else. Control flow of wasm
// cannot be corrupted, so this holds for a guest whose memory is.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: meter in.wasm out.wasm")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "meter:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	module, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	metered, stats, err := meter(module)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	fmt.Printf("meter: %d loops, %d not metered, %d bulk memory instructions\n", stats.loops, stats.dispatch, stats.bulk)
	return os.WriteFile(out, metered, 0o644)
}
