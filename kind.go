package qjswasm

import "github.com/qjswasm/qjswasm/internal/abi"

// Kind says what a Value is.
type Kind uint8

// The kinds of values. Objects of any class that is not named are KindObject,
// whatever their prototype; KindOther are objects with internal state of their
// own, such as iterators, generators, WeakMap and DataView.
const (
	KindUndefined   Kind = abi.KindUndefined
	KindNull        Kind = abi.KindNull
	KindBool        Kind = abi.KindBool
	KindNumber      Kind = abi.KindNumber
	KindBigInt      Kind = abi.KindBigInt
	KindString      Kind = abi.KindString
	KindSymbol      Kind = abi.KindSymbol
	KindObject      Kind = abi.KindObject
	KindArray       Kind = abi.KindArray
	KindFunction    Kind = abi.KindFunction
	KindError       Kind = abi.KindError
	KindDate        Kind = abi.KindDate
	KindRegExp      Kind = abi.KindRegExp
	KindMap         Kind = abi.KindMap
	KindSet         Kind = abi.KindSet
	KindPromise     Kind = abi.KindPromise
	KindProxy       Kind = abi.KindProxy
	KindArrayBuffer Kind = abi.KindArrayBuffer
	KindTypedArray  Kind = abi.KindTypedArray
	KindBoxed       Kind = abi.KindBoxed // new Number(1), Object("a") and the like
	KindOther       Kind = abi.KindOther
	KindLive        Kind = abi.KindLive // a Go value that was given as Live
)

var kindNames = [...]string{
	"undefined", "null", "boolean", "number", "bigint", "string", "symbol", "Object", "Array", "Function",
	"Error", "Date", "RegExp", "Map", "Set", "Promise", "Proxy", "ArrayBuffer", "TypedArray", "Boxed", "Other",
	"Live",
}

// String returns the name of the kind: what typeof says for primitives, and the
// class for objects.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "invalid"
}

// kindOf guards against a guest that makes kinds up.
func kindOf(k uint32) Kind {
	if k < uint32(len(kindNames)) {
		return Kind(k)
	}
	return KindOther
}

// inGuest guards against a guest that calls a primitive what is none: a Value of
// such a kind would have nothing in it.
func (k Kind) inGuest() Kind {
	if k < KindSymbol {
		return KindOther
	}
	return k
}
