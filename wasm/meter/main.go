// Meter makes every cycle in the code of a wasm module count, so that nothing in
// it, whatever it is made to do, runs for long without a call to the host.
//
//	meter in.wasm out.wasm
//
// A tick decrements the mutable global exported as qjs_ticks, and calls the
// function exported as qjs_ticks_expired when that falls below zero. Ticks go on
// each jump back to the head of a loop, before each indirect call, and to the entry
// of each function that can call itself in another way and does not begin by
// counting on its own. Bulk memory instructions become
// calls of qjs_memory_copy and qjs_memory_fill, which move pieces and count them.
//
// The loop that dispatches bytecode is left alone where the source marks it, by
// setting the global qjs_dispatch to 0: a tick for each bytecode would cost too
// much. There wasm/patches puts one on every jump and call instead.
//
// It works on the linked and optimised module, so that what the C library and
// the compiler contribute is covered like everything else. The code and globals
// of wasm are out of reach of whatever may overwrite memory, so this holds for a
// corrupted guest too.
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
	metered, st, err := meter(module)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	fmt.Printf("meter: ticks on %d jumps of %d loops (not of %d that dispatch), in %d functions, on %d indirect calls; %d bulk memory instructions replaced\n",
		st.jumps, st.loops, st.unmetered, st.entries, st.indirect, st.bulk)
	return os.WriteFile(out, metered, 0o644)
}
