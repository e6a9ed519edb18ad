package main

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func lines(l ...string) string { return strings.Join(l, "\n") + "\n" }

func TestREPL(t *testing.T) {
	write(t, map[string]string{
		"lib.mjs":  "export default 'lib'",
		"load.js":  "var loaded = 1; let alsoLoaded = 2; 'loaded'",
		"load.mjs": "globalThis.fromModule = 3",
		"throw.js": "throw new Error('in file')",
	})
	for name, test := range map[string]struct{ in, out, errOut string }{
		"values":           {lines("1 + 1", "'a'", "undefined", "null", "", "  ", ".5"), lines("2", "'a'", "null", "0.5"), ""},
		"object literal":   {lines("{ a: 1 }", "{ let x = 1; x }", "{}"), lines("{ a: 1 }", "1", "{}"), ""},
		"last value":       {lines("20", "_ * 2", "_ + 2", "undefined", "typeof _", "_ = 'mine'", "5", "_"), lines("20", "40", "42", "'undefined'", "'mine'", "5", "'mine'"), ""},
		"block":            {lines("function f() {", "  return 1", "}", "f()"), lines("1"), ""},
		"template":         {lines("`a", "${ `b", "` }c`"), lines(`'a\nb\nc'`), ""},
		"comment":          {lines("/* open", "*/ 5"), lines("5"), ""},
		"operator":         {lines("1 +", "", "2"), lines("3"), ""},
		"brackets":         {lines("[1,", "[2", "]", "]", "Math.max(", "1)"), lines("[ 1, [ 2 ] ]", "1"), ""},
		"arrow":            {lines("const f = x =>", "x + 1", "f(1)"), lines("2"), ""},
		"dot":              {lines("'abc'.", "length"), lines("3"), ""},
		"class":            {lines("class A {", "  m() { return 1 }", "}", "new A().m()"), lines("1"), ""},
		"line separator":   {lines("'\u2028' + 1"), lines("'\u20281'"), ""},
		"string continued": {lines(`'a\`, `b'`), lines("'ab'"), ""},
		"string open": {lines("'abc", "1"), lines("1"),
			lines("REPL1:1:1", "'abc", "^", "Uncaught SyntaxError: unexpected end of string")},
		"not incomplete": {lines("}", "a b", "1"), lines("1"),
			lines("REPL1:1:1", "}", "^", "Uncaught SyntaxError: unexpected token in expression: '}'",
				"REPL2:1:3", "a b", "  ^", "Uncaught SyntaxError: expecting ';'")},
		"ends incomplete": {lines("if (1) {"), "",
			lines("REPL1:1:9", "if (1) {", "        ^", "Uncaught SyntaxError: unexpected token in expression: ''")},
		"no last newline":     {"1\n2", lines("1", "2"), ""},
		"exception":           {lines("throw new TypeError('bad')", "throw 1", "2"), lines("2"), lines("Uncaught TypeError: bad", "    at <eval> (REPL1:1:11)", "Uncaught 1")},
		"rejection":           {lines("Promise.reject(1)", "2"), lines("2"), lines("Uncaught (in promise) 1")},
		"await":               {lines("await 1", "const k = await Promise.resolve(7), { l } = { l: k + 1 }", "[k, l]", "await (async () => {", "return 3", "})()", "await (3 + 1)"), lines("1", "[ 7, 8 ]", "3", "4"), ""},
		"await in a function": {lines("const f = async () => await (1)", "const g = async () => {", "await 1; return 2 }; 0", "await g() + await f()"), lines("0", "3"), ""},
		"await class":         {lines("class A {}; await 1; new A()", "typeof A"), lines("A {}", "'function'"), ""},
		"await never":         {lines("await new Promise(() => {})", "1"), lines("1"), lines("qjswasm: the script waits (await) for a promise that nothing will settle")},
		"timers":              {lines("setTimeout(() => console.log('late'), 5); 'now'", "2"), lines("late", "'now'", "2"), ""},
		"timers throw":        {lines("setTimeout(() => { throw 1 }, 1); setTimeout(() => { throw 2 }, 2);"), "", lines("Uncaught 1", "Uncaught 2")},
		"tampering":           {lines("console.dir = console.error = () => { throw 1 }; console = null; Object.keys = 0; Map.prototype.get = 0; 1", "[1]"), lines("1", "[ 1 ]"), ""},
		"polluted":            {lines("Object.defineProperty(Object.prototype, 'get', { get() { throw 1 }, configurable: true }); 1", "_ = 2", "await 3"), lines("1", "2", "3"), ""},
		"getter not run":      {lines("({ get a() { throw 1 } })"), lines("{ a: [Getter] }"), ""},
		"help":                {lines(".help"), commandHelp, ""},
		"exit":                {lines("1", " .exit ", "2"), lines("1"), ""},
		"load":                {lines(".load load.js", "loaded + alsoLoaded", ".load load.mjs", "fromModule"), lines("'loaded'", "3", "[Module: null prototype] {  }", "3"), ""},
		"load what fails":     {lines(".load throw.js", ".load", ".load nope.js"), "", lines("Uncaught Error: in file", "    at <eval> (throw.js:1:11)", "qjswasm: .load needs a FILE", "qjswasm: cannot read nope.js: no such file or folder")},
		"unknown command":     {lines(".nope", ".exit now"), "", lines("qjswasm: unknown command .nope; there are .exit, .help, .load, .stats", "qjswasm: .exit takes no arguments")},
		"redeclared":          {lines("let q = 1", "let q = 2", "q"), lines("1"), lines("Uncaught SyntaxError: redeclaration of 'q'", "    at <eval> (REPL2:1:1)")},
		"import not allowed":  {lines("await import('./lib.mjs')"), "", lines(`Uncaught Error: cannot import "lib.mjs": its folder may not be read; --allow-read=. allows it`)},
		"invalid UTF-8":       {"'\xff'\n1\n", lines("1"), lines("qjswasm: the input is not valid UTF-8")},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, result{exitOK, test.out, test.errOut}, invoke(test.in, "repl", "--timeout=1m"))
		})
	}
	assert.Equal(t, result{exitOK, "'lib'\n", ""}, invoke("(await import('./lib.mjs')).default", "repl", "--allow-read=."))
	assert.Equal(t, result{exitOK, "[ 'a', '-b' ]\n", ""}, invoke("scriptArgs", "repl", "--", "a", "-b"))
	assert.Regexp(t, `^time +`, invoke(".stats\n", "repl").out)
}

// The timeout is for each input.
func TestREPLTimeout(t *testing.T) {
	r := invoke(lines("for (;;);", "1", "setInterval(() => {}, 1);", "2"), "repl", "--timeout=300ms")
	stopped := "qjswasm: timeout: the script was stopped after 300ms (--timeout)\n"
	assert.Equal(t, result{exitOK, "1\n2\n", stopped + stopped}, r)
}

// A line that runs out of fuel leaves the next a full tank.
func TestREPLFuel(t *testing.T) {
	r := invoke(lines("for (;;);", "let i = 0; while (i < 5000) i++; i", "for (;;);"), "repl", "--fuel=200000")
	assert.Equal(t, "5000\n", r.out)
	assert.Equal(t, strings.Repeat("qjswasm: out of fuel: the script was stopped after 200000 steps (--fuel)\n", 2), r.errOut)
}

// The next input can free the memory that one has used up. How much is left when an
// allocation fails depends on where the heap has room, and the REPL needs some: the
// script gives back a part before its error ends it.
func TestREPLMemory(t *testing.T) {
	for _, size := range []string{"10", "900", "1000", "20000"} {
		t.Run(size, func(t *testing.T) {
			r := invoke(lines(
				"var spare = 'x'.repeat(1 << 19), a = []",
				"try { for (;;) a.push('x'.repeat("+size+") + a.length) } catch (e) { spare = null; throw e }",
				"'y'.repeat(2 << 20).length",
				"a = null; 'y'.repeat(2 << 20).length"), "repl", "--memory=8MiB")
			assert.Equal(t, exitOK, r.status)
			const usedUp = "qjswasm: the script used up its memory of 8MiB (--memory)\n"
			assert.Equal(t, 2, strings.Count(r.errOut, usedUp), r.errOut)
			assert.Equal(t, lines("2097152"), r.out)
		})
	}
}

func newTestREPL(t *testing.T, inputs ...string) *repl {
	t.Helper()
	l := &limits{}
	l.setDefaults()
	ses, err := newSession(context.Background(), &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}, l, nil)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, ses.close()) })
	r := &repl{session: ses}
	require.NoError(t, r.prepare(context.Background()))
	for _, code := range inputs {
		require.Empty(t, r.input(context.Background(), code, false))
	}
	return r
}

func TestComplete(t *testing.T) {
	r := newTestREPL(t,
		"var ran = 0; globalThis.__defineGetter__('trap', () => { ran++; return {} })",
		"const obj = { alpha: 1, al_2: { deep: { deeper: 1 } }, get beta() { ran++; return { no: 1 } }, 'not-a-name': 1, 7: 1 }",
		"let fn = function () {}, text = 'abc', { part } = { part: { own: 1 } }",
		"class Klass { static make() {} }",
		"const proxy = new Proxy({}, { ownKeys() { ran++; return [] }, getPrototypeOf() { ran++; return null }, get() { ran++ }, has() { ran++ } })",
		"const viaProxy = { __proto__: proxy, own: 1 }",
		"var big = new Array(2e6).fill(0)",
		"Object.prototype.__defineGetter__('value', () => { ran++ })",
		"const é = { ü: 1 }",
	)
	for _, test := range []struct {
		left, head string
		want       []string
	}{
		{"obj.al", "obj.", []string{"al_2", "alpha"}},
		{"obj?.al_2.deep.", "obj?.al_2.deep.", []string{"deeper"}},
		{"1 + obj.alp", "1 + obj.", []string{"alpha"}},
		{"f(obj.alp", "f(obj.", []string{"alpha"}},
		{"obj.beta.", "obj.beta.", nil},
		{"trap.", "trap.", nil},
		{"tra", "", []string{"trap"}},
		{"this.JSON.s", "this.JSON.", []string{"stringify"}},
		{"globalThis.JSO", "globalThis.", []string{"JSON"}},
		{"Klass.ma", "Klass.", []string{"make"}},
		{"fn.app", "fn.", []string{"apply"}},
		{"text.toUpperC", "text.", []string{"toUpperCase"}},
		{"text.leng", "text.", []string{"length"}},
		{"Array.prototype.flat", "Array.prototype.", []string{"flat", "flatMap"}},
		{"big.fla", "big.", []string{"flat", "flatMap"}},
		{"part.o", "part.", []string{"own"}},
		{"é.", "é.", nil},
		{"proxy.", "proxy.", nil},
		{"viaProxy.ow", "viaProxy.", []string{"own"}},
		{"nope.x", "nope.", nil},
		{"ob", "", []string{"obj"}},
		{"Kla", "", []string{"Klass"}},
		{"debug", "", []string{"debugger"}},
		{"call().x", "call().x", nil},
		{"list[0].x", "list[0].x", nil},
		{"'text'.x", "'text'.x", nil},
		{"1 + ", "1 + ", nil},
		{"", "", nil},
		{".lo", "", []string{".load"}},
	} {
		t.Run(test.left, func(t *testing.T) {
			head, got := r.completer.complete(test.left)
			assert.Equal(t, test.head, head)
			if test.want == nil || strings.HasSuffix(test.left, ".") {
				assert.Subset(t, got, test.want)
				return
			}
			assert.Equal(t, test.want, got)
		})
	}
	ran, err := r.rt.Get("ran")
	require.NoError(t, err)
	assert.Zero(t, ran.Int64(), "code of the user ran")

	head, got, tail := r.completeLine("é + obj.alp + 1", 11)
	assert.Equal(t, []any{"é + obj.", []string{"alpha"}, " + 1"}, []any{head, got, tail})
}

func TestDeclaredNames(t *testing.T) {
	for code, want := range map[string][]string{
		"let a = 1, b; const c = f(x, y); var d":                       {"a", "b", "c", "d"},
		"function f(p) { let inner } class C {} async function g() {}": {"f", "C", "g"},
		"function* gen() {}":                                           {"gen"},
		"const { a, b: c, ...d } = x, [e, , g = 1] = y":                {"a", "c", "d", "e", "g"},
		"for (let i of x) { const j = 1 }":                             nil,
		"// let a\n/* let b */ 'let c' + `let d`":                      nil,
		"let let_ = 1; letter = 2":                                     {"let_"},
		"const größe = 1":                                              {"größe"},
		"a.class; ({ let: 1 })":                                        nil,
	} {
		assert.Equal(t, want, declaredNames(code), code)
	}
}
