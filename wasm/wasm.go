// Package wasm is a building block of qjswasm; most programs import only the
// root package.
//
// It holds the guest: QuickJS-NG and our glue, compiled to WebAssembly by
// build.sh and committed as quickjs.wasm.
package wasm

import (
	_ "embed"
	"strings"
)

//go:embed quickjs.wasm
var module []byte

//go:embed quickjs.wasm.sha256
var checksum string

// Module returns the guest module. Borrowed: the caller must not modify it.
func Module() []byte { return module }

// BuildID names this build of the guest: the SHA-256 of the module, in
// hexadecimal. Bytecode and snapshots are good only for the build that made them.
func BuildID() string {
	id, _, _ := strings.Cut(checksum, " ")
	return id
}
