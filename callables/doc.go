// Package callables is a building block of qjswasm; most programs import only the root package.
//
// It remembers Go values, typically functions, on behalf of a guest that can
// hold nothing but numbers. [Registry.Add] trades a pointer for a [Handle],
// [Registry.Lookup] trades it back, [Registry.Remove] forgets it. A handle that
// is stale, forged or zero finds nothing; it never finds a wrong entry, and no
// handle makes the registry panic.
//
// # Layout
//
// An entry's slot is a node in a chunk of fixed size, and a directory finds the
// chunk by its number: a lookup is two loads and a comparison of generations,
// without hashing. Live nodes form a list in the order of registration; free
// nodes form one list per chunk, so that a chunk can be given up without
// searching for its nodes in a list that others share.
//
// Nodes link to each other by index rather than by pointer. A node is then 24
// bytes instead of 32, with a single pointer for the garbage collector to scan,
// and a stray link cannot keep a released chunk in memory. Measured with a
// million entries, marking takes less than half the time and replacing an entry
// a tenth less; with few entries, where all is in the processor's cache,
// replacing one takes 3 ns more. Chunks, of which there are few, link by
// pointer.
//
// # Generations
//
// Each use of a slot has a generation of its own, and a handle carries it. A
// slot that used up its generations is retired. A chunk without live entries
// goes back to the garbage collector, all but one, which is kept so that Add
// and Remove at a chunk's boundary do not allocate and release it in turn. For
// a released chunk the directory remembers the highest generation it issued;
// made again, the chunk starts above that. Beyond the last chunk in memory one
// generation stands for all of them. So a handle never becomes valid again, and
// next to nothing stays behind.
package callables
