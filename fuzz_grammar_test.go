package qjswasm_test

import (
	"encoding/json"
	"regexp"
	"strings"
)

// grammar makes programs of fuzz input. A rule is a letter with its choices, and
// @ before a letter stands for one of them; @s is a string with a statement in it.
// The first choice of each rule is its shortest: it is taken where the input has
// ended or the program is too deep.
var grammar = map[byte][]string{
	'W': {`@S`, `try { @S } catch (e) { n = 0 }`, `try { @S } catch { @S }`}, // at the top
	'S': { // statements
		`@E;`, `@V = @E;`, `var v@I = @E;`, `{ let @V = @E; @S }`, `{ const @P = @E; @S }`, `@S @S`,
		`if (@E) { @S } else { @S }`,
		`for (let i = 0; i < @N && i < 200; i++) { @S }`,
		`for (const @P of @E) { @S break; }`, `for (const k in @E) { @V = k; @S }`, `for (let x of @E) { if (n++ > 99) break; @S }`,
		`while (n++ < 50) { @S if (@E) continue; }`, `do { @S } while (n++ < 9)`,
		`(() => { l: for (;;) { for (;;) { @S if (n++ > 9) break l; continue l; } } })();`,
		`try { @S } catch (e) { @V = e; @S }`, `try { @S } finally { @S }`, `try { @S } catch { @S } finally { n++; }`,
		`throw @E;`, `function f@I(@V, ...r) { @S return @E } @V = f@I(@E, @E);`,
		`function* g@I(a = @E) { @S const x = yield @E; yield* @E; return x } @V = g@I();`,
		`async function h@I() { @S await @E; for await (const x of @E) { @S break } return @E } @V = h@I();`,
		`async function* k@I() { @S yield @E; await null } @V = k@I().next(@E);`,
		`class C@I extends @C { #p = @E; static { @S } static s = @E; constructor(...a) { super(...a); @S } get @K() { return this.#p } set @K(v) { this.#p = v; @S } [@E]() { return super.toString?.() } static #q(x) { return #p in x } } @V = new C@I(@E);`,
		`switch (@E) { case @E: @S break; default: @S case @E: @S }`,
		`with (Object(@E)) { @S }`, `@V.@K = @E;`, `delete @V.@K;`, `[@V, ...b] = @E;`, `({ @K: @V, ...b } = @E);`,
		`Object.defineProperty(@V, @L, { get() { @S return @E }, set(v) { @S }, configurable: true });`,
		`@C.prototype.@K = @E;`, `globalThis.@K = @E;`, `Object.setPrototypeOf(@V, @E);`, `@V.__proto__ = @E;`,
		`Error.prepareStackTrace = (e, s) => { @S return s };`, `Error.stackTraceLimit = @N;`,
		`import('./@I.mjs').then(m => { @V = m; @S });`, `queueMicrotask(() => { @S });`, `console.log(@E, @E);`, `console.table(@E);`,
		`Array.prototype[Symbol.iterator] = @F;`, `@V[Symbol.toPrimitive] = @F;`, `@V.then = @F;`, `debugger;`,
	},
	'E': { // expressions
		`@V`, `@L`, `@N`, `@F`, `@H`, `[@E, @E, ...@A]`, `{ @K: @E, get @K() { @S return @E }, ...@V }`, `({ @K: @E, [@E]: @E })`,
		`@E + @E`, `@E * @N`, `@E ** @E`, `@E >>> @N`, `@E == @E`, `@E instanceof @C`, `@L in Object(@E)`, `@E ?? @E`, `@E ? @E : @E`,
		`typeof @E`, `-@E`, `~@E`, `void @E`, `(@E, @E)`, `@V++`, `@V &&= @E`, `(@V = @E)`,
		`@E?.@K`, `@V[@E]`, `@E?.[@E]?.(@E)`, `new @C(@E)`, `@C(@E)`, `@E.@M`, `@E.@M`, `@E.@M`, `String.raw` + "`a${@E}b${@E}`", "`x${@E}`",
		`@R.@K`, `"@I@I".match(@R)`, `"aXbX@I".replace(@R, @F)`, `@A.@M`, `@A.@M`, `new Proxy(@E, { @T: @F, @T: @F })`, `new Proxy(@F, Reflect)`,
		`Reflect.@T(@E, @E, @E)`, `Reflect.construct(@C, @A, @C)`, `Object.@O(@E)`, `JSON.stringify(@E, @E, @N)`, `JSON.parse(@J, @F)`,
		`new Map([[@E, @E], [@E, @E]])`, `new Set(@A)`, `new WeakMap([[@V, @E]])`, `new WeakRef(@V).deref()`, `new FinalizationRegistry(@F).register(Object(@E), @E)`,
		`new ArrayBuffer(@N % 999, { maxByteLength: @N })`, `new @Y(@A)`, `new @Y(@N)`, `new @Y(new ArrayBuffer(64), @N & 8, @N & 7)`, `new DataView(new ArrayBuffer(@N & 99)).getFloat64(@N)`,
		`BigInt(@N) ** BigInt(@N)`, `BigInt.asIntN(@N, @B)`, `@B * @B`, `@B / @B`, `@B << @B`, `@B.toString(@N)`,
		`Promise.resolve(@E)`, `Promise.reject(@E)`, `Promise.all(@E)`, `Promise.race([@E, @E])`, `Promise.withResolvers().promise`, `new Promise(@F)`, `@E.then?.(@F, @F)`,
		`eval(@J)`, `(0, eval)(@s)`, `new Function("a", @s)(@E)`, `Symbol(@L)`, `Symbol.for(@L)`, `new Date(@N).toISOString()`, `Date.parse(@L)`,
		`structure(@N)`, `Iterator.from(@E).map(@F).take(@N).toArray()`, `Array.from({ length: @N % 999 }, @F)`, `Array.fromAsync(@E)`, `Atomics.add(new Int32Array(4), @N & 3, @N)`,
		`@E.constructor`, `@E.__proto__`, `arguments`, `this`, `globalThis`, `performance.now()`, `Error.captureStackTrace(@V)`, `new Error(@E, { cause: @E }).stack`, `new AggregateError(@A)`,
	},
	'V': {`a`, `b`, `c`, `d`, `e`, `host`, `Math`, `arr`},
	'I': {`0`, `1`, `2`},
	'L': {`""`, `"a"`, `"length"`, `"\u{1f600}\ud800"`, `"abc".repeat(50)`, `null`, `undefined`, `true`, `NaN`, `"constructor"`, `Symbol.iterator`, `Symbol.species`, `"__proto__"`, `"x" + "y".repeat(300)`, `"2024-01-01T00:00:00Z"`, `/x/`},
	'N': {`0`, `1`, `-1`, `2`, `7`, `10`, `-0`, `1.5`, `64`, `1000`, `1e5`, `2 ** 31`, `-(2 ** 31)`, `2 ** 32 - 1`, `2 ** 53 - 1`, `1e308`, `Infinity`, `NaN`, `4294967297`},
	'B': {`0n`, `1n`, `-1n`, `2n ** 64n`, `(1n << 500n)`, `-(2n ** 99n)`, `BigInt(@N)`},
	'K': {`a`, `b`, `length`, `constructor`, `toString`, `valueOf`, `then`, `next`, `return`, `toJSON`, `name`, `prototype`, `lastIndex`, `exec`, `message`, `stack`, `cause`, `flags`},
	'P': {`x`, `[x, y = @E]`, `[, ...x]`, `{ @K: x = @E, ...y }`, `{ a: [x], b: { y } = {} }`, `[[x], y]`},
	'A': {`[]`, `[1, 2, 3]`, `[@E, @E]`, `[, "b", , @E]`, `Array(@N & 255)`, `[3, 1, 2].map(@F)`, `arr`, `{ length: @N, 0: @E }`, `[[1, [2, [@E]]]]`},
	'F': {`x => x`, `() => { @S }`, `function (a, b) { @S return @E }`, `async x => { @S }`, `function* () { yield @E; @S }`, `(a, b) => a < b ? -1 : 1`, `host.@Q`, `Array.prototype.@Z`, `class { constructor() { @S } }`, `String`, `(@F).bind(@E, @E)`, `eval`},
	'H': {`host.echo(@E)`, `host.fail(@E)`, `host.call(@F, @E, @E)`, `host.eval(@J)`, `host.keep(@E)`, `host.sum(@N, @N)`, `host.bytes(new Uint8Array(@A))`, `host.text(@L)`, `host.later(@N)`, `new host.Box(@E)`, `host.gc()`, `host.record(@E)`, `host.echo(...@A)`, `host.json(@E)`},
	'Q': {`echo`, `fail`, `call`, `sum`, `keep`, `text`, `Box`, `gc`, `record`},
	'C': {`Object`, `Array`, `Function`, `Promise`, `Error`, `Map`, `Set`, `RegExp`, `Date`, `Uint8Array`, `Number`, `String`, `Proxy`, `ArrayBuffer`, `host.Box`, `WeakMap`, `Iterator`, `DataView`, `BigInt`, `Symbol`, `(class extends Array {})`, `null`},
	'Y': {`Uint8Array`, `Int16Array`, `Float64Array`, `BigInt64Array`, `Uint8ClampedArray`, `Float32Array`, `Float16Array`},
	'T': {`get`, `set`, `has`, `ownKeys`, `apply`, `construct`, `getPrototypeOf`, `setPrototypeOf`, `defineProperty`, `deleteProperty`, `getOwnPropertyDescriptor`, `isExtensible`, `preventExtensions`},
	'O': {`keys`, `entries`, `freeze`, `seal`, `create`, `fromEntries`, `getOwnPropertyNames`, `getOwnPropertyDescriptors`, `preventExtensions`, `getPrototypeOf`, `assign`, `values`},
	'M': { // method calls
		`toString()`, `valueOf()`, `map(@F)`, `filter(@F)`, `reduce(@F, @E)`, `sort(@F)`, `sort()`, `push(@E)`, `splice(@N, @N, @E)`, `slice(@N, @N)`, `concat(@E, @A)`, `join(@L)`, `flat(@N)`, `flatMap(@F)`,
		`indexOf(@E)`, `includes(@E, @N)`, `fill(@E, @N, @N)`, `copyWithin(@N, @N)`, `reverse()`, `toSorted(@F)`, `with(@N, @E)`, `at(@N)`, `findLast(@F)`, `entries().next()`, `subarray(@N)`, `set(@A, @N)`, `set(@E, @E)`, `get(@E)`, `has(@E)`, `delete(@E)`,
		`forEach(@F)`, `replace(@R, @F)`, `replaceAll("a", @F)`, `split(@R)`, `matchAll(@R).next()`, `padEnd(@N, @L)`, `repeat(@N & 99)`, `normalize("NFKD")`, `localeCompare(@L)`, `codePointAt(@N)`, `charCodeAt(@N)`,
		`next(@E)`, `return(@E)`, `throw(@E)`, `then(@F, @F)`, `catch(@F)`, `finally(@F)`, `call(@E, @E)`, `apply(@E, @A)`, `bind(@E)`, `exec(@L)`, `test(@L)`, `compile("a")`, `resize(@N)`, `transfer(@N)`, `hasOwnProperty(@L)`, `toLocaleString()`, `union(new Set(@A))`, `groupBy?.(@F)`, `__defineGetter__(@L, @F)`,
	},
	'Z': {`push`, `concat`, `sort`, `values`, `map`, `join`},
	'R': {`/a/g`, `/(a|b)*X/y`, `/(?<n>\w+)(?=\d)\k<n>?/gu`, `/^(?:a+)+$/`, `/[\p{L}--[a-z]]/v`, `/(?<!x)\bX(.)\1/dgs`, `/(?:)/gm`, `new RegExp(@L, "gi")`, `/(x*)*y/`, `/[^]{2,5}?/iu`},
	'J': {`"1"`, `'{"a":[1,2,{"b":null}],"__proto__":{}}'`, `'[' + '[1],'.repeat(20) + '0]'`, `@s`, `@s + @s`, `String(@E)`, `JSON.stringify(@E)`, `'"\\u12'`},
}

// prelude are the variables that programs use.
const prelude = `var a = 1, b = [1, 2, 3], c = { a: 1, get b() { return a } }, d = new Map([[1, 2]]), e = "text", x, n = 0, arr = [5, , 7];
function structure(n) { let o = {}; for (let i = 0; i < Math.min(n, 500) || 0; i++) o = { o, i }; return o }
`

const (
	maxProgram      = 4096 // bytes from which on only the shortest choices are taken
	maxProgramDepth = 12
)

// program makes a program of the input.
func program(input []byte) string {
	g := programmer{input: input}
	g.WriteString(prelude)
	for more := true; more && g.Len() < maxProgram; more = len(g.input) > 0 {
		g.expand("@W\n", 0)
	}
	return g.String()
}

type programmer struct {
	strings.Builder
	input []byte
}

func (g *programmer) choose(choices []string, depth int) string {
	if len(g.input) == 0 || depth > maxProgramDepth || g.Len() > maxProgram {
		return choices[0]
	}
	i := int(g.input[0]) % len(choices)
	g.input = g.input[1:]
	return choices[i]
}

func (g *programmer) expand(template string, depth int) {
	for {
		before, after, found := strings.Cut(template, "@")
		g.WriteString(before)
		if !found {
			return
		}
		switch symbol := after[0]; symbol {
		case 's': // a program as a string
			inner := programmer{input: g.input}
			inner.expand("@S", depth+1)
			g.input = inner.input
			quoted, _ := json.Marshal(inner.String()) // a string always marshals
			g.Write(quoted)
		case 'E': // in parentheses, for precedence
			g.expand("("+g.choose(grammar['E'], depth)+")", depth+1)
		default:
			g.expand(g.choose(grammar[symbol], depth), depth+1)
		}
		template = after[1:]
	}
}

var words = regexp.MustCompile(`[A-Za-z_$][\w$]*|\d+`)

// spliced is one of some programs with words of it replaced by what the grammar
// makes of the input.
func spliced(programs []string, input []byte) string {
	g := programmer{input: input}
	code := g.choose(programs, 0)
	for len(g.input) > 0 {
		at := words.FindAllStringIndex(code, -1)
		if len(at) == 0 || len(code) > maxProgram {
			break
		}
		w := at[int(g.input[0])%len(at)]
		g.input = g.input[1:]
		g.Reset()
		g.expand(g.choose([]string{"@E", "@K", "@V", "@N", "@H", "@E.@M", "(@F)", "@E; @S; @E"}, 0), maxProgramDepth/2)
		code = code[:w[0]] + g.String() + code[w[1]:]
	}
	return prelude + code
}
