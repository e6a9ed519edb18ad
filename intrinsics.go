package qjswasm

import (
	"fmt"
	"strings"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// Intrinsics is a set of groups of built-ins, see Options. The empty set stands
// for all of them there: a set that was computed or parsed, and may be empty,
// needs | IntrinsicCore. No group needs another. What a group is made of is out of
// a script's reach without it: names, syntax, hidden constructors, and what Go
// values would become. Syntax is refused in bytecode too.
type Intrinsics uint32

const (
	// IntrinsicCore is the core of the language, which is always there: objects,
	// functions, generators, strings, numbers, Symbol, Math, errors and modules.
	IntrinsicCore Intrinsics = abi.IntrinsicCore
	// IntrinsicEval is eval, and functions made from strings: without it, calls of
	// Function and its hidden kin throw a TypeError. Runtime.Eval works.
	IntrinsicEval Intrinsics = abi.IntrinsicEval
	// IntrinsicRegExp is RegExp and regular expression literals. Without it,
	// String.prototype.match, matchAll and search throw a TypeError; replace and
	// split take strings.
	IntrinsicRegExp Intrinsics = abi.IntrinsicRegExp
	// IntrinsicProxy is Proxy.
	IntrinsicProxy Intrinsics = abi.IntrinsicProxy
	// IntrinsicReflect is Reflect.
	IntrinsicReflect Intrinsics = abi.IntrinsicReflect
	// IntrinsicCollections is Map, Set, WeakMap and WeakSet. Without it, Go maps
	// whose keys are no strings do not convert.
	IntrinsicCollections Intrinsics = abi.IntrinsicCollections
	// IntrinsicTypedArrays is ArrayBuffer, SharedArrayBuffer, DataView and the
	// typed arrays. Without it, []byte and the like do not convert. Atomics is not
	// part of any runtime: there are no threads.
	IntrinsicTypedArrays Intrinsics = abi.IntrinsicTypedArrays
	// IntrinsicPromise is Promise and all that makes promises: async functions and
	// generators, await, import(), Array.fromAsync and AsyncDisposableStack; and
	// queueMicrotask. Without it, modules work by import declarations, and Async
	// functions of Go's throw a TypeError.
	IntrinsicPromise Intrinsics = abi.IntrinsicPromise
	// IntrinsicBigInt is BigInt, its literals, BigInt64Array, BigUint64Array and
	// the methods of DataView for them. Without it, *big.Int and integers beyond
	// 2^53 do not convert.
	IntrinsicBigInt Intrinsics = abi.IntrinsicBigInt
	// IntrinsicWeakRef is WeakRef and FinalizationRegistry, by which a script
	// observes the collector.
	IntrinsicWeakRef Intrinsics = abi.IntrinsicWeakRef
	// IntrinsicDate is Date. Without it, time.Time does not convert.
	IntrinsicDate Intrinsics = abi.IntrinsicDate
	// IntrinsicJSON is JSON. Value.MarshalJSON and JSON modules work without it.
	IntrinsicJSON Intrinsics = abi.IntrinsicJSON
	// IntrinsicIterator is Iterator and the helpers that all iterators inherit,
	// such as map and take. Iteration itself works without it.
	IntrinsicIterator Intrinsics = abi.IntrinsicIterator
	// IntrinsicPerformance is performance, a clock.
	IntrinsicPerformance Intrinsics = abi.IntrinsicPerformance
	// IntrinsicConsole is console; Options.Stdout and Stderr say where it prints.
	IntrinsicConsole Intrinsics = abi.IntrinsicConsole
	// IntrinsicBase64 is atob, btoa and DOMException, which they throw.
	IntrinsicBase64 Intrinsics = abi.IntrinsicBase64

	// AllIntrinsics is every group there is.
	AllIntrinsics Intrinsics = abi.IntrinsicAll
)

// intrinsicNames are the names of the groups, by bit.
var intrinsicNames = [...]string{
	"core", "eval", "regexp", "proxy", "reflect", "collections", "typedarrays", "promise", "bigint",
	"weakref", "date", "json", "iterator", "performance", "console", "base64",
}

// String returns the names of the groups, separated by commas.
func (i Intrinsics) String() string {
	var names []string
	for bit, name := range intrinsicNames {
		if i&(1<<bit) != 0 {
			names = append(names, name)
		}
	}
	if unknown := i &^ AllIntrinsics; unknown != 0 {
		names = append(names, fmt.Sprintf("%#x", uint32(unknown)))
	}
	return strings.Join(names, ",")
}

// ParseIntrinsics is the inverse of String, in any case and with space around
// commas. An empty text is the empty set.
func ParseIntrinsics(text string) (Intrinsics, error) {
	var set Intrinsics
	if strings.TrimSpace(text) == "" {
		return 0, nil
	}
next:
	for field := range strings.SplitSeq(text, ",") {
		field = strings.TrimSpace(field)
		for bit, name := range intrinsicNames {
			if strings.EqualFold(field, name) {
				set |= 1 << bit
				continue next
			}
		}
		return 0, fmt.Errorf("qjswasm: unknown intrinsics %q, the groups are %s", field, strings.Join(intrinsicNames[:], ", "))
	}
	return set, nil
}
