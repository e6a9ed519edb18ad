/* The contract between the guest and its host, in numbers.
 *
 * internal/abi mirrors every QJS_ constant of this file; a test parses the
 * header and compares. Integers are little-endian; pointers are 32-bit guest
 * addresses.
 */
#ifndef QJS_ABI_H
#define QJS_ABI_H

/* --- Status: what an exported function or a host function returns. --- */
#define QJS_STATUS_OK 0        /* the result cell holds a value */
#define QJS_STATUS_UNDEFINED 1 /* success, the value is undefined; no cell was written */
#define QJS_STATUS_THROW 2     /* guest: the tape holds an error record; host: the cell holds the value to throw */
#define QJS_STATUS_ABORT 3     /* unwind everything, no JS handler may run */
#define QJS_STATUS_MODULE 4    /* as OK; the result is the promise of a module's namespace */
#define QJS_STATUS_DONE 5      /* there is no further value; no cell was written */
#define QJS_STATUS_PENDING 6   /* as OK; the result is to be awaited first */

/* --- Cells: one NaN-boxed JSValue, or one of two pseudo tags that the engine
 * leaves unused (its tags run from -9 to 8). --- */
#define QJS_TAG_BIG_INT -9
#define QJS_TAG_SYMBOL -8
#define QJS_TAG_STRING -7
#define QJS_TAG_ROPE -6
#define QJS_TAG_TAPE -5 /* low word: offset of a record in the buffer the cell came with */
#define QJS_TAG_ROOT -4 /* low word: root index; the aux cell holds generation and kind */
#define QJS_TAG_OBJECT -1
#define QJS_TAG_INT 0
#define QJS_TAG_BOOL 1
#define QJS_TAG_NULL 2
#define QJS_TAG_UNDEFINED 3
#define QJS_TAG_SHORT_BIG_INT 7
#define QJS_FLOAT64_ADDEND 0x7ff8000a /* added to the high word to unbox a double */

/* --- Fields of the io block (see QJSIO), as byte offsets. --- */
#define QJS_IO_RESULT 0
#define QJS_IO_RESULT_AUX 8
#define QJS_IO_NEW_TARGET 16
#define QJS_IO_IN_PTR 24
#define QJS_IO_IN_CAP 28
#define QJS_IO_OUT_PTR 32
#define QJS_IO_OUT_LEN 36
#define QJS_IO_DEAD_COUNT 40
#define QJS_IO_ROOT_COUNT 44
#define QJS_IO_CALLABLE_COUNT 48
#define QJS_IO_KINDS_PTR 52
#define QJS_IO_KINDS_LEN 56
#define QJS_IO_CONSOLE_LEVELS 60
#define QJS_IO_STACK_DEEP 64
#define QJS_IO_UNFREED 68
#define QJS_IO_TEXT 72
#define QJS_IO_SIZE 128

#define QJS_TEXT_SHORT 2147483648 /* in the low word of a result's TAPE cell, instead of an offset:
                             the other bits are the length of a string of ASCII, whose first
                             eight bytes are in the aux cell, the others in the io block */
#define QJS_TEXT_MAX 64           /* its length, at most */

/* --- Layouts of engine structures that the host reads in place. --- */
#define QJS_STRING_HEADER_SIZE 16
#define QJS_STRING_KIND_SHIFT 28 /* of the second word */
#define QJS_STRING_KIND_MASK 3
#define QJS_STRING_KIND_NORMAL 0
#define QJS_STRING_KIND_SLICE 1
#define QJS_STRING_KIND_INDIRECT 2
#define QJS_OBJECT_CLASS_ID 10  /* offset of a u16 */
#define QJS_OBJECT_ELEMENTS 28  /* of a typed array: offset of the address of its elements */
#define QJS_OBJECT_COUNT 32     /* of a typed array: offset of their u32 count, 0 when out of bounds */
#define QJS_CLASS_TYPED 22      /* class id of the first JSTypedArrayEnum */
#define QJS_BIG_INT_LIMBS 4     /* offset of the limbs, after their u32 count */
#define QJS_BIG_INT_MAX_LIMBS 32768
#define QJS_RECORD_CAPTURES 24  /* offset of a callable record's captured values */
#define QJS_RECORD_COUNT 20     /* offset of their u32 count */
#define QJS_OBJECT_OPAQUE 24    /* offset of the address of a live object's record, which begins with the handle */

/* The largest stack a runtime may have: the linker reserves it below the data. */
#define QJS_STACK_SIZE 1048576

/* How much of it the guest uses on one native stack: a hundred calls of JS. */
#define QJS_STACK_SEGMENT 32768

/* Text of an error longer than this many code units is cut by the host, and so are
 * those of an error and all inside it; the guest writes one more and no others. */
#define QJS_ERROR_TEXT_MAX 65536
#define QJS_ERROR_TEXTS_MAX 262144

/* An error and those inside it of which the guest tells, at most. */
#define QJS_ERROR_TREE_MAX 256

/* --- Kinds of values (qjswasm.Kind). --- */
#define QJS_KIND_UNDEFINED 0
#define QJS_KIND_NULL 1
#define QJS_KIND_BOOL 2
#define QJS_KIND_NUMBER 3
#define QJS_KIND_BIG_INT 4
#define QJS_KIND_STRING 5
#define QJS_KIND_SYMBOL 6
#define QJS_KIND_OBJECT 7
#define QJS_KIND_ARRAY 8
#define QJS_KIND_FUNCTION 9
#define QJS_KIND_ERROR 10
#define QJS_KIND_DATE 11
#define QJS_KIND_REG_EXP 12
#define QJS_KIND_MAP 13
#define QJS_KIND_SET 14
#define QJS_KIND_PROMISE 15
#define QJS_KIND_PROXY 16
#define QJS_KIND_ARRAY_BUFFER 17
#define QJS_KIND_TYPED_ARRAY 18
#define QJS_KIND_BOXED 19 /* Number, String, Boolean, BigInt and Symbol objects */
#define QJS_KIND_OTHER 20 /* iterators, generators, WeakMap, DataView … */
#define QJS_KIND_LIVE 21

/* --- Tape records: one tag byte, then the fields named here. Strings are
 * u32 length in units, then the units. A value is one record. --- */
#define QJS_TAPE_ELSEWHERE 2147483648 /* in the length of a string or of bytes, whose units
                             are not on the tape: instead of them comes the u32
                             number of their block, or to the host their address */
#define QJS_TAPE_LARGE 4096 /* bytes from which on units are elsewhere */
#define QJS_TAPE_UNDEFINED 0
#define QJS_TAPE_NULL 1
#define QJS_TAPE_FALSE 2
#define QJS_TAPE_TRUE 3
#define QJS_TAPE_INT 4      /* i32 */
#define QJS_TAPE_FLOAT 5    /* f64 */
#define QJS_TAPE_LATIN1 6   /* string of bytes */
#define QJS_TAPE_UTF16 7    /* string of u16 */
#define QJS_TAPE_UTF8 8     /* string of bytes, WTF-8: a lone surrogate is its three-byte form */
#define QJS_TAPE_BIG_INT 9  /* u32 limbs, then two's complement u32 limbs, lowest first */
#define QJS_TAPE_ARRAY 10   /* u32 count, values or holes */
#define QJS_TAPE_HOLE 11
#define QJS_TAPE_OBJECT 12  /* u32 count, pairs of string and value */
#define QJS_TAPE_MAP 13     /* u32 count, pairs of values */
#define QJS_TAPE_SET 14     /* u32 count, values */
#define QJS_TAPE_DATE 15    /* f64 ms since the epoch, NaN when invalid */
#define QJS_TAPE_BUFFER 16  /* u32 length, bytes: an ArrayBuffer */
#define QJS_TAPE_TYPED 17   /* u8 JSTypedArrayEnum, u32 length in bytes, bytes */
#define QJS_TAPE_BACKREF 18 /* u32: the n-th container of this tape, from 0 */
#define QJS_TAPE_ROOT 19    /* u32 index, u32 generation, u32 kind (0 to the guest) */
#define QJS_TAPE_RAW 20     /* u64 borrowed JSValue, host to guest only */
#define QJS_TAPE_FUNC 21    /* u64 handle, u32 length, u32 flags, string name, u32 count, captured values; host to guest only */
/* to the guest: u32 error class, u64 handle or 0, string name (empty: that of the class),
 *               string message, value cause or HOLE, u32 count, values of errors
 * to the host:  u32 flags, u64 handle or 0, string name, string message, string stack,
 *               value thrown (a ROOT, a primitive or HOLE), u32 count of errors inside. Behind
 *               the first follow those of all, level by level: a cause, then members */
#define QJS_TAPE_ERROR 22
#define QJS_TAPE_SHAPE 23   /* u32 n: the n-th shape of this tape, from 0, u32 count, keys (strings), a value per key: a plain object */
#define QJS_TAPE_RECORD 24  /* u32 n, a value per key of that shape: a plain object */
#define QJS_TAPE_REG_EXP 25 /* string source, string flags */
#define QJS_TAPE_LIMIT 26   /* instead of what would exceed a limit: u8 QJS_LIMIT_, u32 count, that many steps of the path, innermost first, as values */
#define QJS_TAPE_LIVE 27   /* u64 handle; to the guest also u32 number of the type */

/* --- Words of a summary; any other is the number of an object. --- */
#define QJS_SUMMARY_END 0             /* of an object */
#define QJS_SUMMARY_ENTRY 0xfffffffc  /* u32 number of the object that an entry of a WeakMap has for this key */
#define QJS_SUMMARY_HANDLE 0xfffffffd /* u64 handle of a callable or live object */
#define QJS_SUMMARY_STAMP 0xfffffffe  /* u32 stamp */
#define QJS_SUMMARY_ROOT 0xffffffff   /* u32 index, u32 generation, u32 number of the object */

#define QJS_FUNC_CONSTRUCTOR 1
#define QJS_FUNC_ITERABLE 2       /* not a function: the iterable whose iterations it begins */
#define QJS_FUNC_ASYNC_ITERABLE 4 /* the same, by promises */
#define QJS_FUNC_ITERATOR 8       /* not a function: the iterator whose steps it takes */

/* --- What qjs_buffer_view found. --- */
#define QJS_BUFFER_OK 0
#define QJS_BUFFER_IMMUTABLE 1
#define QJS_BUFFER_GONE 2 /* detached, or the view is out of its bounds */
#define QJS_BUFFER_NONE 3 /* neither a buffer nor a view of one */

/* --- Live objects: what they are, and what the guest asks of the host. A key is
 * the number of a field, an index, or the name of a map's entry. --- */
#define QJS_LIVE_STRUCT 0
#define QJS_LIVE_MAP 1
#define QJS_LIVE_LIST 2

#define QJS_LIVE_GET 0      /* the value, or QJS_STATUS_UNDEFINED if there is none */
#define QJS_LIVE_SET 1      /* whether it could be set */
#define QJS_LIVE_HAS 2      /* whether there is such an entry or element */
#define QJS_LIVE_DELETE 3   /* whether it is gone */
#define QJS_LIVE_KEYS 4     /* an array of a map's keys, sorted */
#define QJS_LIVE_LENGTH 5   /* of a list */
#define QJS_LIVE_RESIZE 6   /* whether a list has that length now */
#define QJS_LIVE_SNAPSHOT 7 /* an object of all properties, an array of all elements */
#define QJS_LIVE_ENTRIES 8  /* an array of a map's keys and values, in pairs */

#define QJS_ERROR_UNCATCHABLE 1
#define QJS_ERROR_MEMORY 2   /* thrown by the engine for want of memory */
#define QJS_ERROR_STACK 4    /* thrown by the engine's stack check */
#define QJS_ERROR_IS_ERROR 8 /* the thrown value is an Error object */
#define QJS_ERROR_CAUSE 16   /* the first of the errors inside is its cause */
#define QJS_ERROR_AGAIN 32   /* this is inside itself: its record's number, from 0, is in the
                                place of the handle, and nothing else follows */

/* Keys of a shape: objects of more keys are objects of their own. */
#define QJS_SHAPE_MAX 1024

/* What of a larger value can be too much for an export. */
#define QJS_LIMIT_DEPTH 0
#define QJS_LIMIT_NODES 1
#define QJS_LIMIT_BYTES 2
#define QJS_LIMIT_HOLES 3

/* What an export may run of the script's code. */
#define QJS_EXPORT_GETTERS 1
#define QJS_EXPORT_TO_JSON 2
#define QJS_EXPORT_PROXIES 4

/* --- Modes: how an exported function hands its value over. --- */
#define QJS_MODE_VALUE 0  /* primitives in the cell, the rest as a new root */
#define QJS_MODE_EXPORT 1 /* whole graphs on the tape */

#define QJS_CALL_NEW 256  /* or'ed in: construct instead of call */

#define QJS_EVAL_MODULE 1
#define QJS_EVAL_BYTECODE 2
#define QJS_EVAL_COMPILE 4

#define QJS_PROPERTY_GET 0
#define QJS_PROPERTY_SET 1
#define QJS_PROPERTY_HAS 2
#define QJS_PROPERTY_DELETE 3
#define QJS_PROPERTY_KEYS 4
#define QJS_PROPERTY_GLOBAL_GET 5
#define QJS_PROPERTY_GLOBAL_SET 6
#define QJS_PROPERTY_INSTANCE_OF 7
#define QJS_PROPERTY_STRICT_EQUALS 8
#define QJS_PROPERTY_TO_STRING 9
#define QJS_PROPERTY_JSON 10
#define QJS_PROPERTY_WEAK 11       /* the weak value of a value */
#define QJS_PROPERTY_WEAK_TARGET 12 /* undefined if it is gone */

/* Groups of built-ins: what a context has besides the core of the language. */
#define QJS_INTRINSIC_CORE 1 /* always there; stands for "nothing else" */
#define QJS_INTRINSIC_EVAL 2
#define QJS_INTRINSIC_REG_EXP 4
#define QJS_INTRINSIC_PROXY 8
#define QJS_INTRINSIC_REFLECT 16
#define QJS_INTRINSIC_COLLECTIONS 32
#define QJS_INTRINSIC_TYPED_ARRAYS 64
#define QJS_INTRINSIC_PROMISE 128
#define QJS_INTRINSIC_BIG_INT 256
#define QJS_INTRINSIC_WEAK_REF 512
#define QJS_INTRINSIC_DATE 1024
#define QJS_INTRINSIC_JSON 2048
#define QJS_INTRINSIC_ITERATOR 4096
#define QJS_INTRINSIC_PERFORMANCE 8192
#define QJS_INTRINSIC_CONSOLE 16384
#define QJS_INTRINSIC_BASE64 32768
#define QJS_INTRINSIC_ALL 65535

/* What a module loader handed over, in the first word of its answer. */
#define QJS_MODULE_SOURCE 0
#define QJS_MODULE_BYTECODE 1
#define QJS_MODULE_JSON 2
#define QJS_MODULE_TEXT 3
#define QJS_MODULE_BYTES 4

#endif
