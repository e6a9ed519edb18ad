// Random graphs of JS values (make), what the documentation of conversions says
// becomes of one that goes to Go and back (image), and a comparison of two graphs
// that sees all that a script can see (difference).
globalThis.graph = (() => {
	"use strict"

	// https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
	function random(seed) {
		const next = () => {
			seed = seed + 0x6d2b79f5 | 0
			let t = Math.imul(seed ^ seed >>> 15, 1 | seed)
			t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t
			return (t ^ t >>> 14) >>> 0
		}
		const below = n => next() % n
		below.of = list => list[next() % list.length]
		return below
	}

	const leaves = [
		null, undefined, true, false, 0, -0, 1.5, NaN, Infinity, -Infinity, 5e-324, 1e300, 2 ** 31, -(2 ** 31), 2 ** 32,
		2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 53, -(2 ** 53), 2 ** 63 - 1024, 2 ** 63, -(2 ** 63), 2 ** 64,
		0n, 10n, -1n, 2n ** 31n, 2n ** 53n, -(2n ** 63n), 2n ** 64n - 1n, -(2n ** 70n), 2n ** 2000n,
		"", "a", "a\0b", "é", "日本", "😀", "\uffff", "\ud800", "\udc00\ud800", "x\udfffy", "a".repeat(700) + "é".repeat(700) + "日",
		Symbol.iterator, Symbol.for("registered"), Symbol("own"),
	]
	const keys = [
		"a", "b", "c", "", "0", "1", "10", "01", "-1", "4294967294", "4294967295", "1e3", "a b", "é", "日", "😀", "\uffff", "\ud800", "\udbff",
		"__proto__", "constructor", "toString", "valueOf", "length", "then", "toJSON", "hasOwnProperty",
	]
	const typedArrays = [
		Uint8Array, Uint8ClampedArray, Int8Array, Int16Array, Uint16Array, Int32Array, Uint32Array,
		Float16Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array,
	]
	class Point { x = 1; #secret = 2; get secret() { return this.#secret } }
	class List extends Array {}
	class Failure extends TypeError { get name() { return "Failure" } }

	const define = (o, k, value, attributes) =>
		Object.defineProperty(o, k, { value, writable: true, enumerable: true, configurable: true, ...attributes })

	// make returns the graph of a seed: always the same one.
	function make(seed) {
		const r = random(seed), all = [], buffers = []
		const keep = x => (all.push(x), x)
		const props = (o, depth) => {
			for (let n = r(4); n > 0; n--) {
				const k = r.of(keys)
				if (Array.isArray(o) && (k === "length" || k === "4294967294")) continue // too long
				switch (r(12)) {
				case 0: Object.defineProperty(o, k, { get() { throw "an accessor ran" }, enumerable: true, configurable: true }); break
				case 1: define(o, k, node(depth), { enumerable: false }); break
				case 2: define(o, Symbol.toStringTag, "Odd"); break
				case 3: define(o, k, node(depth), { writable: false }); break
				default: define(o, k, node(depth))
				}
			}
			return o
		}
		const buffer = () => {
			if (buffers.length && r(2)) return r.of(buffers)
			const b = keep(r(4) ? new ArrayBuffer(8 * r(4)) : new ArrayBuffer(8 * r(3), { maxByteLength: 64 }))
			new Uint8Array(b).forEach((_, i, a) => { a[i] = r(3) ? r(256) : 0 })
			buffers.push(b)
			return b
		}
		const containers = [
			d => { const a = keep([]); for (let n = r(5); n > 0; n--) a.push(node(d)); return a },
			d => { const a = keep([]); for (let i = 0, n = r(5); i < n; i++) if (r(3)) a[i] = node(d); else a.length++; return a },
			d => { const a = keep(new List); a.push(node(d)); return r(2) ? props(a, d) : a },
			d => props(keep({}), d),
			d => props(keep({}), d),
			d => { const o = keep({}); for (let n = r(6); n > 0; n--) o["k" + r(20)] = node(d); return o },
			d => props(keep(r.of([Object.create(null), Object.create({ inherited: 1 }), new Point])), d),
			d => r.of([Object.freeze, Object.seal, Object.preventExtensions])(props(keep({}), d)),
			d => { const m = keep(new Map); for (let n = r(4); n > 0; n--) m.set(node(d), node(d)); return m },
			d => { const s = keep(new Set); for (let n = r(4); n > 0; n--) s.add(node(d)); return s },
			() => keep(new Date(r.of([0, -1, 1e12 + r(1e6), 8.64e15, -8.64e15, NaN, 1.9]))),
			() => { const x = keep(new RegExp(r.of(["a", "(?<n>é)|\\/", ""]), r.of(["", "giy", "u", "v"]))); x.lastIndex = r(3); return x },
			d => { const e = keep(r(4) ? new (r.of([Error, RangeError, Failure]))("é", { cause: node(d) }) : new AggregateError([node(d)], "m")); return props(e, d) },
			() => { const T = r.of(typedArrays), b = buffer(); return keep(r(2) ? new T(b) : new T(b, b.byteLength && 8, 0)) },
			() => { const T = r.of(typedArrays), a = keep(new T(r(4))); for (let i = 0; i < a.length; i++) a[i] = typeof a[0] === "bigint" ? r.of([0n, -1n, 5n]) : r.of([0, -0, -1, 1.5, NaN, 65504]); return a },
			() => keep(Object(r.of(leaves.filter(x => x !== null && x !== undefined)))),
			() => keep(r.of([() => 1, Math.max, new Proxy({}, {}), Promise.resolve(1), new WeakMap, new DataView(new ArrayBuffer(2)), [].values()])),
			() => buffer(),
		]
		const node = depth => {
			if (all.length && r(4) === 0) return r.of(all)
			return depth <= 0 || r(3) === 0 ? r.of(leaves) : r.of(containers)(depth - 1)
		}
		return r.of(containers)(5)
	}

	// Every way in which a graph is not what it was. The documentation has a row for
	// each under "Lost on the way" by the same name.
	const losses = new Map([
		"undefined", "large integers", "lone surrogates", "order of properties", "accessors", "hidden properties", "symbol keys",
		"attributes", "prototypes", "array properties", "holes", "invalid dates", "identity of dates", "boxed primitives", "clamped bytes",
		"typed arrays", "shared buffers", "resizable buffers", "identity of empty bytes", "lastIndex", "identity of regular expressions",
	].map(name => [name, 0]))

	// image returns what comes back of x.
	function image(x, copies = new Map) {
		const lost = name => { losses.set(name, losses.get(name) + 1) }
		const string = s => s.isWellFormed() ? s : (lost("lone surrogates"), s.toWellFormed())
		const of = x => {
			switch (typeof x) {
			case "undefined": lost("undefined"); return null
			case "string": return string(x)
			case "number":
				if (!Number.isInteger(x) || Number.isSafeInteger(x) || x < -(2 ** 63) || x >= 2 ** 63) return x
				lost("large integers")
				return BigInt(x)
			case "object": return x === null ? x : object(x)
			}
			return x
		}
		const object = x => {
			if (copies.has(x)) return copies.get(x)
			const brand = builtin(x)
			switch (brand) {
			case "Date":
				lost("identity of dates")
				if (isNaN(x)) lost("invalid dates")
				return new Date(isNaN(x) ? "0001-01-01T00:00:00.000Z" : +x)
			case "Number": case "String": case "Boolean": case "BigInt": case "Symbol":
				lost("boxed primitives")
				return of(unboxed(x))
			case "RegExp":
				lost("identity of regular expressions")
				if (x.lastIndex) lost("lastIndex")
				return new RegExp(x.source, x.flags)
			case "Map": case "Set": case "Array": case "Object": case "ArrayBuffer": case "TypedArray":
				break
			default:
				return x // itself, and all that it refers to
			}
			const keep = y => {
				if (x.byteLength === 0) lost("identity of empty bytes") // no bytes, no address
				else copies.set(x, y)
				return y
			}
			const own = Reflect.ownKeys(x).map(k => [k, Object.getOwnPropertyDescriptor(x, k)])
			if (brand !== "TypedArray" && brand !== "ArrayBuffer") {
				if (Object.getPrototypeOf(x) !== globalThis[brand].prototype) lost("prototypes")
				if (!Object.isExtensible(x) || own.some(([k, p]) => p.writable === false)) lost("attributes")
				if (own.some(([k]) => typeof k === "symbol")) lost("symbol keys")
				if (own.some(([k, p]) => p.get)) lost("accessors")
				if (own.some(([k, p]) => !p.enumerable && k !== "length")) lost("hidden properties")
			}
			switch (brand) {
			case "Map": {
				const m = keep(new Map)
				x.forEach((v, k) => m.set(of(k), of(v)))
				return m
			}
			case "Set": {
				const s = keep(new Set)
				x.forEach(v => s.add(of(v)))
				return s
			}
			case "Array": {
				const a = keep([])
				if (own.length !== x.length + 1) lost(own.length > x.length ? "array properties" : "holes")
				for (let i = 0; i < x.length; i++) {
					const p = Object.getOwnPropertyDescriptor(x, i)
					if (!p) lost("holes")
					a[i] = p && !p.get ? of(p.value) : null
				}
				return a
			}
			case "Object": {
				const o = keep({}), copied = new Map
				for (const [k, p] of own)
					if (typeof k === "string" && p.enumerable && !p.get) copied.set(string(k), of(p.value))
				const sorted = [...copied.keys()].sort(byCodePoints)
				if ([...copied.keys()].some((k, i) => k !== sorted[i])) lost("order of properties")
				for (const k of sorted) define(o, k, copied.get(k))
				return o
			}
			}
			if (brand === "ArrayBuffer") {
				if (x.resizable) lost("resizable buffers")
				return keep(x.slice())
			}
			if (x.buffer.byteLength !== x.byteLength || x.buffer.resizable || copies.has(x.buffer)) lost("shared buffers")
			switch (x.constructor) {
			case Uint8ClampedArray:
				lost("clamped bytes") // and on
			case Uint8Array:
				return keep(new Uint8Array(x))
			}
			lost("typed arrays")
			return keep(Array.from(x, n => typeof n === "bigint" && BigInt(Number(n)) === n && Number.isSafeInteger(Number(n)) ? Number(n) : n))
		}
		return of(x)
	}

	const byCodePoints = (a, b) => {
		const x = [...a], y = [...b]
		for (let i = 0; i < x.length && i < y.length; i++)
			if (x[i] !== y[i]) return x[i].codePointAt() - y[i].codePointAt()
		return x.length - y.length
	}

	const getter = (C, k) => Object.getOwnPropertyDescriptor(C.prototype, k).get
	const brands = { // methods that throw for other objects
		Date: Date.prototype.getTime, Map: getter(Map, "size"), Set: getter(Set, "size"), ArrayBuffer: getter(ArrayBuffer, "byteLength"),
		Number: Number.prototype.valueOf, String: String.prototype.valueOf, Boolean: Boolean.prototype.valueOf,
		BigInt: BigInt.prototype.valueOf, Symbol: Symbol.prototype.valueOf, RegExp: getter(RegExp, "source"),
	}
	const unboxed = x => brands[builtin(x)].call(x)

	// builtin is what kind of object x is, one of ours if it compares by what it
	// holds. No object here lies about its class, but some have another prototype.
	function builtin(x) {
		if (typeof x === "function") return "Function"
		if (proxies.has(x)) return "Proxy"
		if (Array.isArray(x)) return "Array"
		if (Error.isError(x)) return "Error"
		if (ArrayBuffer.isView(x)) return x instanceof DataView ? "DataView" : "TypedArray"
		for (let p = x; p; p = Object.getPrototypeOf(p)) {
			const name = builtins.get(p)
			if (!name || name === "Object") continue
			if (brands[name]) brands[name].call(x)
			return name
		}
		return "Object"
	}
	const builtins = new Map(["Date", "Map", "Set", "ArrayBuffer", "Number", "String", "Boolean", "BigInt", "Symbol", "RegExp", "WeakMap", "Promise", "Iterator", "Object"].map(name => [globalThis[name].prototype, name]))
	const proxies = new WeakSet
	globalThis.Proxy = new Proxy(Proxy, { construct(T, args) { const p = new T(...args); proxies.add(p); return p } })

	// difference returns where two graphs are not the same, or "": everything that is
	// reachable is compared, each object with exactly one of the other graph.
	function difference(a, b) {
		const forth = new Map, back = new Map
		const object = x => typeof x === "object" && x !== null || typeof x === "function"
		const at = (place, found) => found && place + found
		const values = (x, y) => {
			if (!object(x) || !object(y)) return Object.is(x, y) ? "" : ": " + describe(x) + ", " + describe(y)
			if (forth.has(x) || back.has(y)) return forth.get(x) === y && back.get(y) === x ? "" : ": identity"
			forth.set(x, y)
			back.set(y, x)
			return x === y ? "" : objects(x, y)
		}
		const lists = (x, y) => {
			if (x.length !== y.length) return ": " + x.length + ", " + y.length + " of them"
			for (let i = 0; i < x.length; i++) {
				const found = values(x[i], y[i])
				if (found) return "[" + i + "]" + found
			}
			return ""
		}
		const objects = (x, y) => {
			const brand = builtin(x)
			if (brand !== builtin(y)) return ": " + brand + ", " + builtin(y)
			if (Object.getPrototypeOf(x) !== Object.getPrototypeOf(y)) return ": prototype"
			if (Object.isExtensible(x) !== Object.isExtensible(y)) return ": extensible"
			switch (brand) {
			case "Map": return at(".entries", lists([...x].flat(), [...y].flat())) || properties(x, y)
			case "Set": return at(".values", lists([...x], [...y])) || properties(x, y)
			case "Date": return values(+x, +y) || properties(x, y)
			case "RegExp": return values(String(x), String(y)) || properties(x, y)
			case "TypedArray":
				return lists([...x], [...y]) || at(".byteOffset", values(x.byteOffset, y.byteOffset)) ||
					(x.length === 0 && y.length === 0 && x.buffer.byteLength === 0 && y.buffer.byteLength === 0 ? "" : at(".buffer", values(x.buffer, y.buffer)))
			case "ArrayBuffer":
				return at(".resizable", values(x.resizable, y.resizable)) || at(".maxByteLength", values(x.maxByteLength, y.maxByteLength)) ||
					lists([...new Uint8Array(x)], [...new Uint8Array(y)]) || properties(x, y)
			case "Number": case "String": case "Boolean": case "BigInt": case "Symbol":
				return values(unboxed(x), unboxed(y)) || properties(x, y)
			case "Array": case "Object": case "Error": return properties(x, y)
			}
			return ": two of " + brand
		}
		const properties = (x, y) => {
			const own = Reflect.ownKeys(x)
			const found = at(".keys", lists(own, Reflect.ownKeys(y)))
			if (found) return found
			for (const k of own) {
				const p = Object.getOwnPropertyDescriptor(x, k), q = Object.getOwnPropertyDescriptor(y, k)
				let found = values(p.value, q.value) || p.get !== q.get && ": getter" || p.set !== q.set && ": setter"
				for (const a of ["writable", "enumerable", "configurable"]) if (p[a] !== q[a]) found ||= ": " + a
				if (found) return "[" + (typeof k === "symbol" ? String(k) : JSON.stringify(k)) + "]" + found
			}
			return ""
		}
		return at("x", values(a, b))
	}
	const describe = x => typeof x === "object" && x !== null || typeof x === "function" ? builtin(x) : typeof x + " " + String(x).slice(0, 50)

	// nodes makes graphs of one struct type of Go, whose fields are these.
	function nodes(seed) {
		const r = random(seed), all = Array.from({ length: 1 + r(6) }, (_, i) => ({ Name: "n" + i, Next: null, Kids: null, Map: null, Any: null }))
		const kids = [null, [], ...all.map(() => [])], maps = [null, {}, ...all.map(() => ({}))]
		for (const k of kids.slice(2)) for (let n = r(4); n > 0; n--) k.push(r(4) ? r.of(all) : null)
		for (const m of maps.slice(2)) for (const k of ["", "a", "b"]) if (r(2)) m[k] = r.of(all)
		for (const o of all) {
			Object.assign(o, { Next: r(4) ? r.of(all) : null, Kids: r.of(kids), Map: r.of(maps) })
			o.Any = r.of([null, 1, "s", { k: 1 }, [true]])
		}
		return r.of(all)
	}

	return { make, image, difference, losses, nodes }
})()
