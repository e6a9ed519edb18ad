// Package abi mirrors wasm/src/abi.h, the contract between the guest and its
// host. A test parses the header and compares.
package abi

const (
	StatusOK        = 0 // the result cell holds a value
	StatusUndefined = 1 // success, the value is undefined; no cell was written
	StatusThrow     = 2 // guest: the tape holds an error record; host: the cell holds the value to throw
	StatusAbort     = 3 // unwind everything, no JS handler may run
	StatusModule    = 4 // as OK; the result is the promise of a module's namespace
	StatusDone      = 5 // there is no further value; no cell was written
	StatusPending   = 6 // as OK; the result is to be awaited first
)

const (
	TagBigInt      = -9
	TagSymbol      = -8
	TagString      = -7
	TagRope        = -6
	TagTape        = -5 // low word: offset of a record in the buffer the cell came with
	TagRoot        = -4 // low word: root index; the aux cell holds generation and kind
	TagObject      = -1
	TagInt         = 0
	TagBool        = 1
	TagNull        = 2
	TagUndefined   = 3
	TagShortBigInt = 7
	Float64Addend  = 0x7ff8000a // added to the high word to unbox a double
)

const (
	SummaryEnd    = 0          // of an object
	SummaryEntry  = 0xfffffffc // u32 number of the object that an entry of a WeakMap has for this key
	SummaryHandle = 0xfffffffd // u64 handle of a callable or live object
	SummaryStamp  = 0xfffffffe // u32 stamp
	SummaryRoot   = 0xffffffff // u32 index, u32 generation, u32 number of the object
)

const (
	IOResult        = 0
	IOResultAux     = 8
	IONewTarget     = 16
	IOInPtr         = 24
	IOInCap         = 28
	IOOutPtr        = 32
	IOOutLen        = 36
	IODeadCount     = 40
	IORootCount     = 44
	IOCallableCount = 48
	IOKindsPtr      = 52
	IOKindsLen      = 56
	IOConsoleLevels = 60
	IOStackDeep     = 64
	IOUnfreed       = 68
	IOText          = 72
	IOSize          = 128
)

const (
	// TextShort, in the low word of a result's TagTape cell, stands for a string of
	// ASCII, whose first eight bytes are in the aux cell and the others in the io block.
	// The other bits are its length, TextMax at most.
	TextShort = 2147483648
	TextMax   = 64
)

const (
	StringHeaderSize   = 16
	StringKindShift    = 28 // of the second word
	StringKindMask     = 3
	StringKindNormal   = 0
	StringKindSlice    = 1
	StringKindIndirect = 2
	ObjectClassID      = 10 // offset of a u16
	ObjectElements     = 28 // of a typed array: offset of the address of its elements
	ObjectCount        = 32 // of a typed array: offset of their u32 count, 0 when out of bounds
	ClassTyped         = 22 // class id of the first JSTypedArrayEnum
	BigIntLimbs        = 4  // offset of the limbs, after their u32 count
	BigIntMaxLimbs     = 32768
	RecordCaptures     = 24 // offset of a callable record's captured values
	RecordCount        = 20 // offset of their u32 count
	ObjectOpaque       = 24 // offset of the address of a live object's record, which begins with the handle
)

const (
	StackSize    = 1048576
	StackSegment = 32768
)

const (
	ErrorTextMax  = 65536
	ErrorTextsMax = 262144
	ErrorTreeMax  = 256
)

const (
	KindUndefined   = 0
	KindNull        = 1
	KindBool        = 2
	KindNumber      = 3
	KindBigInt      = 4
	KindString      = 5
	KindSymbol      = 6
	KindObject      = 7
	KindArray       = 8
	KindFunction    = 9
	KindError       = 10
	KindDate        = 11
	KindRegExp      = 12
	KindMap         = 13
	KindSet         = 14
	KindPromise     = 15
	KindProxy       = 16
	KindArrayBuffer = 17
	KindTypedArray  = 18
	KindBoxed       = 19 // Number, String, Boolean, BigInt and Symbol objects
	KindOther       = 20 // iterators, generators, WeakMap, DataView …
	KindLive        = 21
)

const (
	TapeElsewhere = 2147483648 // in the length of a string or of bytes: the units are not on the tape
	TapeLarge     = 4096       // bytes from which on units are elsewhere
)

const (
	BufferOK        = 0
	BufferImmutable = 1
	BufferGone      = 2 // detached, or the view is out of its bounds
	BufferNone      = 3 // neither a buffer nor a view of one
)

const (
	TapeUndefined = 0
	TapeNull      = 1
	TapeFalse     = 2
	TapeTrue      = 3
	TapeInt       = 4  // i32
	TapeFloat     = 5  // f64
	TapeLatin1    = 6  // string of bytes
	TapeUTF16     = 7  // string of u16
	TapeUTF8      = 8  // string of bytes, WTF-8: a lone surrogate is its three-byte form
	TapeBigInt    = 9  // u32 limbs, then two's complement u32 limbs, lowest first
	TapeArray     = 10 // u32 count, values or holes
	TapeHole      = 11
	TapeObject    = 12 // u32 count, pairs of string and value
	TapeMap       = 13 // u32 count, pairs of values
	TapeSet       = 14 // u32 count, values
	TapeDate      = 15 // f64 ms since the epoch, NaN when invalid
	TapeBuffer    = 16 // u32 length, bytes: an ArrayBuffer
	TapeTyped     = 17 // u8 JSTypedArrayEnum, u32 length in bytes, bytes
	TapeBackref   = 18 // u32: the n-th container of this tape, from 0
	TapeRoot      = 19 // u32 index, u32 generation, u32 kind (0 to the guest)
	TapeRaw       = 20 // u64 borrowed JSValue, host to guest only
	TapeFunc      = 21 // u64 handle, u32 length, u32 flags, string name, u32 count, captured values; host to guest only
	TapeError     = 22
	TapeShape     = 23 // u32 n: the n-th shape of this tape, from 0, u32 count, keys (strings), a value per key: a plain object
	TapeRecord    = 24 // u32 n, a value per key of that shape: a plain object
	TapeRegExp    = 25 // string source, string flags
	TapeLimit     = 26 // instead of what would exceed a limit: u8 a Limit, u32 count, that many steps of the path, innermost first, as values
	TapeLive      = 27 // u64 handle; to the guest also u32 number of the type
)

const (
	ShapeMax = 1024
)

const (
	LimitDepth = 0
	LimitNodes = 1
	LimitBytes = 2
	LimitHoles = 3
)

const (
	ExportGetters = 1
	ExportToJSON  = 2
	ExportProxies = 4
)

const (
	FuncConstructor   = 1
	FuncIterable      = 2 // not a function: the iterable whose iterations it begins
	FuncAsyncIterable = 4 // the same, by promises
	FuncIterator      = 8 // not a function: the iterator whose steps it takes
)

const (
	LiveStruct = 0
	LiveMap    = 1
	LiveList   = 2
)

const (
	LiveGet      = 0 // the value, or StatusUndefined if there is none
	LiveSet      = 1 // whether it could be set
	LiveHas      = 2 // whether there is such an entry or element
	LiveDelete   = 3 // whether it is gone
	LiveKeys     = 4 // an array of a map's keys, sorted
	LiveLength   = 5 // of a list
	LiveResize   = 6 // whether a list has that length now
	LiveSnapshot = 7 // an object of all properties, an array of all elements
	LiveEntries  = 8 // an array of a map's keys and values, in pairs
)

const (
	ErrorUncatchable = 1
	ErrorMemory      = 2  // thrown by the engine for want of memory
	ErrorStack       = 4  // thrown by the engine's stack check
	ErrorIsError     = 8  // the thrown value is an Error object
	ErrorCause       = 16 // the first of the errors inside is its cause
	ErrorAgain       = 32 // this is inside itself: its record's number, from 0, is in the place of the handle
)

const (
	ModeValue  = 0 // primitives in the cell, the rest as a new root
	ModeExport = 1 // whole graphs on the tape
)

const (
	CallNew = 256 // or'ed in: construct instead of call
)

const (
	EvalModule   = 1
	EvalBytecode = 2
	EvalCompile  = 4
)

const (
	PropertyGet          = 0
	PropertySet          = 1
	PropertyHas          = 2
	PropertyDelete       = 3
	PropertyKeys         = 4
	PropertyGlobalGet    = 5
	PropertyGlobalSet    = 6
	PropertyInstanceOf   = 7
	PropertyStrictEquals = 8
	PropertyToString     = 9
	PropertyJSON         = 10
	PropertyWeak         = 11 // the weak value of a value
	PropertyWeakTarget   = 12 // undefined if it is gone
)

const (
	IntrinsicCore        = 1 // always there; stands for "nothing else"
	IntrinsicEval        = 2
	IntrinsicRegExp      = 4
	IntrinsicProxy       = 8
	IntrinsicReflect     = 16
	IntrinsicCollections = 32
	IntrinsicTypedArrays = 64
	IntrinsicPromise     = 128
	IntrinsicBigInt      = 256
	IntrinsicWeakRef     = 512
	IntrinsicDate        = 1024
	IntrinsicJSON        = 2048
	IntrinsicIterator    = 4096
	IntrinsicPerformance = 8192
	IntrinsicConsole     = 16384
	IntrinsicBase64      = 32768
	IntrinsicAll         = 65535
)

const (
	ModuleSource   = 0
	ModuleBytecode = 1
	ModuleJSON     = 2
	ModuleText     = 3
	ModuleBytes    = 4
)
