package qjswasm_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// endless are scripts that spend seconds or more in the engine's own code: what
// makes the data, and one statement.
var endless = map[string][2]string{
	// Arrays and array-likes
	"includes, array-like":    {"", "[].includes.call({ length: 2 ** 53 - 1 }, 1)"},
	"indexOf, array-like":     {"", "[].indexOf.call({ length: 2 ** 53 - 1 }, 1)"},
	"lastIndexOf, array-like": {"", "[].lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)"},
	"join, array-like":        {"", "[].join.call({ length: 2 ** 32 - 1 })"},
	"fill, array-like":        {"", "[].fill.call({ length: 2 ** 53 - 1, set 0(x) {} }, 1, 2 ** 52)"},
	"reverse, array-like":     {"", "[].reverse.call({ length: 2 ** 53 - 1 })"},
	"copyWithin, array-like":  {"", "[].copyWithin.call({ length: 2 ** 53 - 1 }, 0, 1)"},
	"splice, array-like":      {"", "[].splice.call({ length: 2 ** 53 - 1 }, 0, 1)"},
	"shift, array-like":       {"", "[].shift.call({ length: 2 ** 53 - 1 })"},
	"unshift, array-like":     {"", "[].unshift.call({ length: 2 ** 53 - 2 }, 1)"},
	"sort, array-like":        {"", "[].sort.call({ length: 2 ** 53 - 1 })"},
	"slice, array-like":       {"", "[].slice.call({ length: 2 ** 32 - 1 })"},
	"concat, array-like":      {"", "[].concat({ length: 2 ** 53 - 2, [Symbol.isConcatSpreadable]: true })"},
	"flat, array-like":        {"", "[].flat.call({ length: 2 ** 53 - 1 })"},
	"from, array-like":        {"", "Array.from.call(function () { return { set length(x) {} } }, { length: 2 ** 53 - 1 }, () => {})"},
	"findLast, proxy":         {"", "[].findLast.call(new Proxy({ length: 2 ** 53 - 1 }, {}), () => false)"},
	"every, holes":            {"", "[].every.call({ length: 2 ** 53 - 1 }, () => true)"},
	"reduce, holes":           {"", "[].reduce.call({ length: 2 ** 53 - 1 }, () => 1)"},
	"sort, strings":           {"var a = []; for (let i = 0; i < 300000; i++) a.push('' + i * 7919 % 300000)", "for (;;) a.toSorted()"},
	"sort, long strings":      {"var s = 'x'.repeat(1e6), a = []; for (let i = 0; i < 3000; i++) a.push(s.slice(0, 999999 - i))", "a.sort()"},
	"sort, comparator":        {"var a = Array(300000).fill(1)", "for (;;) a.sort((x, y) => x - y)"},
	"indexOf, long strings":   {"var s = 'x'.repeat(1e6), a = []; for (let i = 0; i < 30000; i++) a.push(s.slice(0, -1) + 'y')", "for (;;) a.indexOf('x'.repeat(1e6 - 1) + 'z')"},
	"with":                    {"var a = Array(3e6).fill(1)", "for (;;) a.with(0, 2)"},
	"toSpliced":               {"var a = Array(3e6).fill(1)", "for (;;) a.toSpliced(1, 1)"},
	"spread":                  {"var a = Array(1e6).fill(1)", "for (;;) [...a]"},
	"spread of a generator":   {"function* g() { for (;;) yield }", "Math.max(...g())"},
	"apply":                   {"", "for (;;) Math.max.apply(null, { length: 65000 })"},
	"length = 0, sparse":      {"", "for (;;) { const a = []; for (let i = 0; i < 1e5; i++) a[i * 3 + 9] = i; a.length = 0 }"},
	"join, long separator":    {"var s = 'ab'.repeat(50)", "for (;;) Array(1e6).join(s)"},

	// Typed arrays
	"typed sort":         {"var t = new Float64Array(1e7).map((_, i) => i * 7919 % 10007)", "for (;;) t.toSorted()"},
	"typed sort, cmp":    {"var t = new Uint8Array(1e7)", "t.sort((a, b) => b - a)"},
	"typed indexOf":      {"var t = new Uint8Array(1e8)", "for (;;) t.indexOf(1)"},
	"typed lastIndexOf":  {"var t = new Float32Array(2e7)", "for (;;) t.lastIndexOf(1)"},
	"typed fill":         {"var t = new Float64Array(2e7)", "for (;;) t.fill(1)"},
	"typed reverse":      {"var t = new Uint8Array(1e8)", "for (;;) t.reverse()"},
	"typed set":          {"var t = new Uint8Array(1e8)", "t.set({ length: 1e8 })"},
	"typed from":         {"", "for (;;) Float32Array.from({ length: 3e6 })"},
	"typed join":         {"var t = new Uint8Array(3e7)", "for (;;) t.join('')"},
	"typed, other type":  {"var t = new Uint8Array(5e7)", "new Int8Array(t)"},
	"typed keys":         {"var t = new Uint8Array(2e6)", "for (;;) Object.keys(t)"},
	"base64":             {"var t = new Uint8Array(4e7)", "for (;;) t.toBase64()"},
	"hex":                {"var t = new Uint8Array(4e7)", "for (;;) t.toHex()"},
	"btoa":               {"var s = 'x'.repeat(4e7)", "for (;;) btoa(s)"},
	"ArrayBuffer slices": {"var b = new ArrayBuffer(1e7)", "for (;;) b.slice(0)"},

	// Strings
	"string indexOf":     {"var s = 'a'.repeat(1e7), n = 'a'.repeat(1e6) + 'b'", "s.indexOf(n)"},
	"string lastIndexOf": {"var s = 'a'.repeat(1e7), n = 'b' + 'a'.repeat(1e6)", "s.lastIndexOf(n)"},
	"string includes":    {"var s = 'a'.repeat(1e7), n = 'a'.repeat(1e6) + 'b'", "s.includes(n)"},
	"split":              {"var s = 'a'.repeat(1e7), n = 'a'.repeat(1e6) + 'b'", "s.split(n)"},
	"split, many":        {"var s = 'a'.repeat(1e7)", "for (;;) s.split('')"},
	"replaceAll":         {"var s = 'ab'.repeat(2e7)", "for (;;) s.replaceAll('a', '$&')"},
	"replace, $'":        {"var s = 'x'.repeat(1e6)", "s.replaceAll('x', '$`')"},
	"repeat":             {"", "for (;;) 'ab'.repeat(5e7)"},
	"padStart":           {"", "for (;;) ''.padStart(1e8, 'ab')"},
	"normalize":          {"var s = 'a' + '\\u0316\\u0300'.repeat(1e5)", "s.normalize('NFD')"},
	"normalize, compose": {"var s = 'a\\u0300'.repeat(5e6)", "s.normalize('NFC')"},
	"toUpperCase":        {"var s = 'ß'.repeat(2e7)", "for (;;) s.toUpperCase()"},
	"final sigma":        {"var s = '\\u03a3\\u00ad'.repeat(1e5) + '\\u00ad'.repeat(1e6); s = '\\u00ad'.repeat(1e6) + s", "s.toLowerCase()"},
	"localeCompare":      {"var s = '\\u0300'.repeat(1e6)", "for (;;) s.localeCompare(s + 'x')"},
	"trim":               {"var s = ' '.repeat(1e8)", "for (;;) s.trim()"},
	"isWellFormed":       {"var s = '\\u0400'.repeat(4e7)", "for (;;) s.isWellFormed()"},
	"raw":                {"", "String.raw({ raw: { length: 2 ** 53 - 1 } })"},
	"encodeURIComponent": {"var s = '€'.repeat(3e6)", "for (;;) encodeURIComponent(s)"},
	"decodeURIComponent": {"var s = '%20'.repeat(1e7)", "for (;;) decodeURIComponent(s)"},
	"escape":             {"var s = '\\u1234'.repeat(3e6)", "for (;;) escape(s)"},
	"compare":            {"var s = 'x'.repeat(5e7), t = 'x'.repeat(5e7 - 1) + 'y'", "for (;;) s < t"},
	"equal":              {"var s = 'x'.repeat(5e7), t = 'x'.repeat(5e7 - 1) + 'y'", "for (;;) s === t"},
	"to number":          {"var s = '1'.repeat(5e7)", "for (;;) +s"},
	"to number, blanks":  {"var s = ' '.repeat(5e7)", "for (;;) +s"},
	"as key":             {"var s = 'x'.repeat(5e7), o = {}", "for (;;) o[s + 'y']"},
	"as symbol":          {"var s = 'x'.repeat(2e7)", "for (;;) Symbol.for(s + Math.random())"},
	"rope":               {"var s = ''; for (let i = 0; i < 2e5; i++) s += 'abcdefgh'.repeat(70)", "for (;;) (s + s.slice(1) + 'x').charCodeAt(5)"},
	"parseInt":           {"var s = '7'.repeat(5e7)", "for (;;) parseInt(s, 8)"},

	// BigInt
	"bigint multiply":  {"var n = 3n ** 660000n", "for (;;) n * n >> 1000000n"},
	"bigint square":    {"var n = 3n ** 330000n", "for (;;) n * n"},
	"bigint divide":    {"var n = 3n ** 600000n, d = 3n ** 300000n", "for (;;) n / d"},
	"bigint remainder": {"var n = 3n ** 600000n, d = 7n ** 100000n", "for (;;) n % d"},
	"bigint power":     {"", "for (;;) 7n ** 370000n"},
	"bigint toString":  {"var n = 3n ** 650000n", "for (;;) n.toString()"},
	"bigint radix 36":  {"var n = 3n ** 650000n", "for (;;) n.toString(36)"},
	"bigint parse":     {"var s = '7'.repeat(300000)", "for (;;) BigInt(s)"},
	"bigint == string": {"var s = '7'.repeat(300000)", "for (;;) 1n == s"},

	// RegExp
	"regexp backtracking":   {"", "/(a*)*b/.test('a'.repeat(40))"},
	"regexp lookbehind":     {"", "/(?<=x(a+)+)b/.test('a'.repeat(40) + 'b')"},
	"regexp backreference":  {"var s = 'a'.repeat(1e6)", "/(a*)\\1b/.test(s)"},
	"regexp alternatives":   {"var s = 'a|'.repeat(1e6)", "new RegExp(s)"},
	"regexp class":          {"var s = ''; for (let i = 0; i < 60000; i += 2) s += String.fromCharCode(1000 + i)", "for (;;) new RegExp('[' + s + s + ']', 'iu')"},
	"regexp replace":        {"var s = 'ab'.repeat(1e6)", "for (;;) s.replace(/a/g, 'c')"},
	"regexp delete":         {"var s = 'ab'.repeat(5e6)", "for (;;) s.replace(/a/g, '')"},
	"regexp split":          {"var s = 'ab'.repeat(1e6)", "for (;;) s.split(/a/)"},
	"regexp match":          {"var s = 'ab'.repeat(1e6)", "for (;;) s.match(/a/g)"},
	"regexp escape":         {"var s = '-'.repeat(1e7)", "for (;;) RegExp.escape(s)"},
	"regexp class literals": {"var s = '\\\\k<x>'.repeat(2e5)", "new RegExp(s + '(?<x>a)')"},

	// JSON
	"JSON.parse":             {"var s = '[' + '[1,2],'.repeat(2e5) + '0]'", "for (;;) JSON.parse(s)"},
	"JSON.parse, string":     {"var s = '\"' + 'x'.repeat(5e7) + '\"'", "for (;;) JSON.parse(s)"},
	"JSON.parse, blanks":     {"var s = ' '.repeat(5e7) + '1'", "for (;;) JSON.parse(s)"},
	"JSON.parse, number":     {"var s = '1' + '0'.repeat(5e7)", "for (;;) JSON.parse(s)"},
	"JSON.parse, reviver":    {"var s = '[' + '1,'.repeat(1e6) + '0]'", "JSON.parse(s, function (k, v) { return v })"},
	"JSON.stringify, list":   {"var a = { length: 1e9 }", "JSON.stringify(new Proxy([], { get: (t, k) => k == 'length' ? 1e9 : undefined }))"},
	"JSON.stringify, toJSON": {"var j = { toJSON() { return { j } } }", "for (;;) try { JSON.stringify(j) } catch {}"},
	"JSON.stringify, names":  {"var a = []; for (let i = 0; i < 1e5; i++) a.push('k' + i)", "JSON.stringify({}, a)"},
	"JSON.stringify, string": {"var s = '\\n'.repeat(1e7)", "for (;;) JSON.stringify(s)"},
	"JSON.stringify, shared": {"var o = []; for (let i = 0; i < 60; i++) o = [o, o]", "JSON.stringify(o)"},
	"console.log":            {"var o = []; for (let i = 0; i < 60; i++) o = [o, o]", "for (;;) console.log(o)"},

	// Compiling
	"eval, variables":   {"var s = ''; for (let i = 0; i < 60000; i++) s += 'let v' + i + ' = 1;'", "(0, eval)('{' + s + '}')"},
	"eval, globals":     {"var s = ''; for (let i = 0; i < 300000; i++) s += 'var v' + i + ';'", "(0, eval)(s)"},
	"eval, closures":    {"var s = '', t = ''; for (let i = 0; i < 20000; i++) { s += 'let v' + i + ';'; t += 'v' + i + ';' }", "new Function(s + 'return () => {' + t + '}')"},
	"eval, jumps":       {"var s = 'if (a) b();'.repeat(100000)", "new Function('a', 'b', s)"},
	"eval, parameters":  {"var s = []; for (let i = 0; i < 65000; i++) s.push('v' + i)", "new Function(...['(' + s + ') => 1'].map(x => 'return ' + x))"},
	"eval, eval inside": {"var s = ''; for (let i = 0; i < 60000; i++) s += 'var v' + i + ';'", "new Function(s + 'function f() { eval() }'.repeat(500))"},
	"eval, blanks":      {"var s = ' '.repeat(5e7)", "for (;;) (0, eval)(s)"},
	"eval, comment":     {"var s = '/*' + ' '.repeat(5e7) + '*/'", "for (;;) (0, eval)(s)"},
	"eval, string":      {"var s = '\"' + ' '.repeat(5e7) + '\"'", "for (;;) (0, eval)(s)"},
	"eval, list":        {"var s = '[' + '1,'.repeat(5e6) + ']'", "for (;;) (0, eval)(s)"},
	"eval, parentheses": {"var s = '('.repeat(3000) + '1' + ')'.repeat(3000)", "for (;;) (0, eval)(s)"},
	"eval, properties":  {"var s = ''; for (let i = 0; i < 300000; i++) s += 'k' + i + ':1,'", "for (;;) (0, eval)('({' + s + '})')"},
	"eval, regexp":      {"var s = '/' + 'a|'.repeat(1e6) + '/'", "(0, eval)(s)"},

	// Collections and properties
	"Map, colliding rope keys": {"var s = 'x'.repeat(2e6), m = new Map", "for (let i = 0;; i++) m.set(s + i, 1)"},
	"Set union":                {"var s = new Set(Array(3e5).keys())", "for (;;) s.union(s)"},
	"Set symmetricDifference":  {"var s = new Set(Array(3e5).keys())", "for (;;) s.symmetricDifference(s)"},
	"Set isSubsetOf":           {"var s = new Set(Array(1e5).keys())", "for (;;) s.isSubsetOf(s)"},
	"Set from":                 {"var a = Array(3e5).keys().toArray()", "for (;;) new Set(a)"},
	"Map.groupBy":              {"var a = Array(3e5).fill(1)", "for (;;) Map.groupBy(a, x => x)"},
	"Map clear":                {"", "for (;;) { const s = new Set(Array(1e5).keys()); s.clear() }"},
	"Object.keys":              {"var o = {}; for (let i = 0; i < 3e5; i++) o['k' + i] = 1", "for (;;) Object.keys(o)"},
	"Object.entries":           {"var o = {}; for (let i = 0; i < 3e5; i++) o['k' + i] = 1", "for (;;) Object.entries(o)"},
	"Object.assign":            {"var o = {}; for (let i = 0; i < 3e5; i++) o['k' + i] = 1", "for (;;) Object.assign({}, o)"},
	"Object.freeze":            {"", "for (;;) Object.freeze(Array(5e4).fill(1))"},
	"object spread":            {"var o = {}; for (let i = 0; i < 3e5; i++) o['k' + i] = 1", "for (;;) ({ ...o })"},
	"for in":                   {"var o = {}; for (let i = 0; i < 3e5; i++) o['k' + i] = 1", "for (;;) for (const k in o) break"},
	"ownKeys":                  {"var a = []; for (let i = 0; i < 2e5; i++) a.push('k' + i)", "Reflect.ownKeys(new Proxy({}, { ownKeys: () => a }))"},
	"fromEntries":              {"function* g() { for (let i = 0;; i++) yield ['k' + i % 100, 1] }", "Object.fromEntries(g())"},
	"iterator helpers":         {"function* g() { for (;;) yield 1 }", "g().filter(x => 0).drop(1e9).next()"},
	"iterator toArray":         {"", "[].values.call({ length: 2 ** 53 - 1 }).drop(2 ** 52).next()"},
	"array destructuring":      {"function* g() { for (;;) yield 1 }", "for (;;) { const [a, ...b] = new Array(1e6).fill(0) }"},
	"Promise.all":              {"function* g() { for (;;) yield 1 }", "Promise.all(g())"},
	"Math.sumPrecise":          {"function* g() { for (;;) yield 1 }", "Math.sumPrecise(g())"},
	"instanceof":               {"var p = {}; for (let i = 0; i < 3e5; i++) p = Object.create(p)", "for (;;) p instanceof Map"},
	"prototype chain":          {"var p = {}; for (let i = 0; i < 3e5; i++) p = Object.create(p)", "for (;;) p.x"},
	"structured error":         {"var f = function () { return new Error('x'.repeat(100)) }; Object.defineProperty(f, 'name', { value: 'x'.repeat(5e6) })", "for (;;) f()"},
}

// Once the host wants a script to stop, it is not long until it has, whatever
// built-in it is in. The script sees nothing of it, and leaves nothing behind.
func TestAbortInsideBuiltins(t *testing.T) {
	for name, s := range endless {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 256 << 20, KillGrace: 10 * time.Second})
			eval(t, rt, "var after = 'untouched'; var run = code => { try { code() } catch (e) { after = 'catch' } finally { after += 'finally' } after += 'next' };"+s[0]+";0")
			objects := collect(t, rt).GuestObjects

			c, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
			defer cancel()
			start := time.Now()
			_, err := rt.Eval(c, "run(() => {"+s[1]+"}); after += 'end'; 0")
			took := time.Since(start)
			t.Logf("%4d ms", took.Milliseconds())
			require.ErrorIs(t, err, qjswasm.ErrInterrupted)
			assert.Less(t, took, 5*time.Second)
			requireUsable(t, rt)
			_, err = rt.RunJobs(ctx)
			require.NoError(t, err)
			assert.Equal(t, "untouched", eval(t, rt, "after").String())
			assert.LessOrEqual(t, collect(t, rt).GuestObjects, objects+10)
		})
	}
}

// Wherever an abort strikes, nothing breaks and nothing leaks.
func TestAbortAnywhere(t *testing.T) {
	const code = `(() => {
		const a = Array(300).keys().toArray(), o = Object.fromEntries(a.map(i => ['k' + i, i])), s = 'añ€'.repeat(3000);
		const big = 7n ** 3000n, m = new Map(a.map(i => [s + i, i])), t = new Float64Array(a);
		JSON.parse(JSON.stringify({ a, o, s, l: [...a] }), (k, v) => v);
		new Function(...a.map(i => 'p' + i), 'if (p1) p2(); let x = class { #y = 1; z() { return () => p3 + this.#y } }; eval("p4")');
		s.replace(/(?<x>a)|\u20ac/gu, '[$<x>]').split(/(,)/).join(s.normalize('NFD')).toUpperCase().indexOf('zz');
		BigInt((big * big / 3n % big).toString()).toString(36); encodeURIComponent(s); s.split('').toSorted().reverse();
		new Set(m.keys()).union(new Set(a)).symmetricDifference(new Set(a)); Object.groupBy(a, i => i % 7); ({ ...o });
		t.toSorted((x, y) => y - x).join(); a.toSpliced(1, 2, 3).with(0, 1).concat(a, [a]).flat().copyWithin(0, 5);
		for (const k in Object.create(o)) Object.freeze([k]); new RegExp('[\\p{L}--[a-z]](?<=x|y)'.repeat(20), 'v');
		Promise.all(a).then(() => structure); console.log(o);
	})(); after = 'next'`
	objects := 0
	for fuel := uint64(500); fuel < 4_000_000; fuel += fuel / 13 {
		rt, err := qjswasm.New(ctx, &qjswasm.Options{Fuel: fuel, KillGrace: 10 * time.Second})
		require.NoError(t, err)
		_, err = rt.Eval(ctx, code)
		rt.Refuel(1 << 40)
		if err != nil {
			require.ErrorIs(t, err, qjswasm.ErrFuel, fuel)
			require.Equal(t, "undefined", eval(t, rt, "typeof after").String(), fuel)
		}
		requireUsable(t, rt)
		_, err = rt.RunJobs(ctx)
		require.NoError(t, err)
		require.NoError(t, rt.GC(ctx))
		if objects == 0 {
			objects = rt.Stats().GuestObjects
		}
		require.LessOrEqual(t, rt.Stats().GuestObjects, objects+20, fuel)
		require.NoError(t, rt.Close())
	}
}
