package qjswasm

import "github.com/qjswasm/qjswasm/bridge"

// Live marks x to be used by scripts in place, where a conversion would copy it:
// a pointer to a struct, map, slice or array, a map with strings or integers as
// keys, a slice, or a sequence. The result can be given wherever a Go value
// converts: to [Runtime.Set] and [Runtime.NewValue], as argument, as result, and
// inside of other values. Anything else is a [ConvertError] there.
//
//   - A struct has the properties that a copy of it would have, by the same tags,
//     in the same order, but omitempty is of no concern. A field tagged
//     `js:",readonly"` cannot be assigned to, one tagged `js:"-"` is not there.
//     Properties cannot be added or deleted.
//   - A map has its entries as properties, in the order of their keys. Assigning
//     adds to it, delete takes away. All names are keys, "__proto__" too. Iterating
//     gives pairs of key and value.
//   - A slice is an array to Array.isArray and has the methods of one. It can grow
//     if it is in a variable, that is if Live got a pointer to it or it was found
//     in something live. Deleting an element makes it the zero value.
//   - What a live object leads to is live as well: a field that is a struct, map,
//     slice or array, what a pointer points to, what a method returns. Copied are
//     structs that are in no variable (values of maps), []byte, time.Time, errors
//     and everything else that converts as a whole.
//
// For a script, what is assigned to replaces what was there: an object that stood
// for a struct, array, slice or map in a field or element goes on with the old
// contents on its own when that is assigned to. So lists of structs can be sorted.
// When a script makes a slice grow, the objects for its elements follow. When Go
// code does, they stay with the old array, as pointers do.
//
// Methods of the pointer type are on the prototype, of which there is one for each
// Go type and runtime, under their names in lower camel case: DoThing is doThing,
// ID is id, URLFor is urlFor. String is toString too. The prototype's constructor
// has the name of the Go type and is good for instanceof.
//
// A type with a method All that has no parameters and returns a sequence, that is
// an iter.Seq, an iter.Seq2 or a func of that shape, is iterable: for-of and all
// else that uses Symbol.iterator calls All anew. Of an iter.Seq2, a step gives the
// pair as an array; if its second type is error, the first alone, and an error is
// thrown. For a map or slice too, what All yields comes in place of its entries or
// elements then; other methods of arrays, like values and forEach, go by the
// elements. Whether All sees what the script changes meanwhile is up to All. An
// iteration that the script leaves early ends All, as break does in Go; one that
// it forgets ends once that is collected, or with the runtime. Where Go takes a
// sequence or uses Iterate, a live object that is iterable can be given.
//
// What All and other sequences that a live object leads to yield is live as well.
// That is all that Live changes about a sequence: Live(seq) is an iterable like
// that of seq, but it gives what seq yields in place.
//
// The same Go pointer is the same JS object while that is alive. Coming back to Go
// it is that pointer again; for what was found inside, a pointer to it. It can also
// be copied into a variable of the type that it points to.
//
// An assignment that does not convert is a TypeError that names the field and the
// types. A panic in a method ends the entry like one in any Go function for JS, and
// so does an error it returns: it is thrown.
//
// Scripts use the Go value while they run, on the goroutine that entered the
// runtime: what else uses it at that time must be kept apart as for functions that
// scripts call. What they write counts against Options.HostMemoryLimit until the
// outermost entry ends. JS keeps the Go value alive for as long as it can reach the
// object. If a *Value in a field leads back to the object, that is a cycle through both
// heaps, which is collected: see Options.CycleGC.
func Live(x any) any { return bridge.Live{X: x} }
