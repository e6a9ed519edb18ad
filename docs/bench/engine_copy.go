//go:build !fastschema

package bench

import (
	"bytes"
	"runtime"
	"strings"
)

// newGoCopy is the lower bound for bytes and strings: a copy in Go to memory that
// is new.
func newGoCopy() (*Engine, error) {
	ops := map[string]Op{}
	b := pattern(1 << 20)
	for _, name := range []string{"Bytes1M/In", "Bytes1M/Out"} {
		ops[name] = copying(func() { runtime.KeepAlive(bytes.Clone(b)) })
	}
	for name, n := range map[string]int{"String10K": 10_000, "String1M": 1_000_000} {
		s := text(n)
		for _, way := range []string{"/In", "/Out"} {
			ops[name+way] = copying(func() { runtime.KeepAlive(strings.Clone(s)) })
		}
	}
	return &Engine{Name: "copy in Go", Ops: ops, Close: func() {}}, nil
}

func copying(f func()) Op {
	return Op{Run: func(n int) error {
		for range n {
			f()
		}
		return nil
	}}
}
