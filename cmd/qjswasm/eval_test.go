package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEval(t *testing.T) {
	for _, test := range []struct {
		code   string
		status int
		out    string
		errOut string
	}{
		{code: "6 * 7", out: "42\n"},
		{code: "'text'", out: "'text'\n"},
		{code: "undefined"},
		{code: ""},
		{code: "null", out: "null\n"},
		{code: "console.log('a'); ({ b: [1, { c: new Set([2]) }] })", out: "a\n{ b: [ 1, { c: [Set] } ] }\n"},
		{code: "console.log = console.dir = 0; console = 0; [1]", out: "[ 1 ]\n"},
		{code: "const p = Promise.resolve(1); p", out: "Promise { 1 }\n"},
		{code: "await 5", out: "5\n"},
		{code: "await 5;", out: "5\n"},
		{code: "await 5 // five; indeed", out: "5\n"},
		{code: "const a = await 1; const { b, c: d } = { b: 2, c: 3 }; [a, b, d]", out: "[ 1, 2, 3 ]\n"},
		{code: "const s = 'x;y'; await 1; s + ';'", out: "'x;y;'\n"},
		{code: "for (const i of [1, 2]) { await i; console.log(i) }", out: "1\n2\n"},
		{code: "var o = []; for await (const x of [1, Promise.resolve(2)]) o.push(x); o", out: "[ 1, 2 ]\n"},
		{code: "({ await: 1 }).await", out: "1\n"},
		{code: "await Promise.reject(new Error('no'))", status: 1, errOut: "Uncaught Error: no\n    at <anonymous> (<eval>:1:51)\n    at <eval> (<eval>:2:3)\n"},
		{code: "1 +* 2", status: 1, errOut: "<eval>:1:4\n1 +* 2\n   ^\nUncaught SyntaxError: unexpected token in expression: '*'\n"},
		{code: "await 1 +* 2", status: 1, errOut: "<eval>:1:10\nawait 1 +* 2\n         ^\nUncaught SyntaxError: unexpected token in expression: '*'\n"},
		{code: "eval('{')", status: 1, errOut: "Uncaught SyntaxError: unexpected token in expression: ''\n    at <input>:1:2\n    at <eval> (<eval>:1:1)\n"},
		{code: "new AggregateError([new Error('in')], 'out').errors.length", out: "1\n"},
		{code: "Promise.any([Promise.reject(new Error('in'))])", status: 1, errOut: "Uncaught (in promise) [AggregateError] {\n  [errors]: [\n    Error: in\n        at <eval> (<eval>:1:33)\n  ]\n}\n"},
		{code: "'\xff'", status: 2, errOut: "qjswasm: CODE:1:2: byte 0xff is not valid UTF-8; save the text as UTF-8\n"},
	} {
		t.Run(test.code, func(t *testing.T) {
			assert.Equal(t, result{test.status, test.out, test.errOut}, invoke("", "eval", "--timeout=1m", test.code))
		})
	}
	assert.Equal(t, result{0, "6\n", ""}, invoke("", "eval", "scriptArgs.map(Number).reduce((a, b) => a + b)", "--", "1", "2", "3"))
	assert.Equal(t, result{0, "4294967295\n", ""}, invoke("", "eval", "--", "-1 >>> 0"))
}

func TestTimers(t *testing.T) {
	for _, test := range []struct {
		code   string
		status int
		out    string
		errOut string
	}{
		{code: "for (const i of [30, 10, 20]) setTimeout(console.log, i, i); void 0", out: "10\n20\n30\n"},
		{code: "for (const i of [1, 2, 3]) setTimeout(console.log, 5, i); void 0", out: "1\n2\n3\n"},
		{code: "let n = 0; const i = setInterval(() => { console.log(++n); if (n == 3) clearInterval(i) }, 1); void 0", out: "1\n2\n3\n"},
		{code: "clearTimeout(setTimeout(console.log, 1e9)); clearTimeout(); clearTimeout('x')"},
		{code: "const t = setTimeout(console.log, 1e9); setTimeout(() => clearTimeout(t), 1); void 0"},
		{code: "setTimeout(() => { setTimeout(console.log, 1, 'inner'); Promise.resolve().then(() => console.log('job')) }, 1); void 0", out: "job\ninner\n"},
		{code: "await new Promise(r => setTimeout(r, 5, 'done'))", out: "'done'\n"},
		{code: "setTimeout(() => { throw 7 }, 1); setTimeout(console.log, 1e9); await new Promise(() => {})", status: 124,
			errOut: "qjswasm: timeout: the script was stopped after 1s (--timeout)\n"},
		{code: "setTimeout(() => { throw 7 }, 1); setTimeout(console.log, 1e9)", status: 1, errOut: "Uncaught 7\n"},
		{code: "setTimeout(() => { throw 7 }, 1); await new Promise(() => {})", status: 1, errOut: "Uncaught 7\n"},
		{code: "setTimeout(async () => { throw 7 }, 1)", status: 1, errOut: "Uncaught (in promise) 7\n"},
		{code: "try { setTimeout('code') } catch (e) { e.message }", out: "'the callback must be a function'\n"},
		{code: "let k = 0; try { for (;;) k = setTimeout(() => {}, 1e9) } catch (e) { console.log(e.message); for (let i = 1; i <= k; i++) clearTimeout(i) }; k",
			out: "too many timers are pending\n100000\n"},
	} {
		t.Run(test.code, func(t *testing.T) {
			timeout := "1m"
			if test.status == exitTimeout {
				timeout = "1s"
			}
			assert.Equal(t, result{test.status, test.out, test.errOut}, invoke("", "eval", "--timeout="+timeout, test.code))
		})
	}
}
