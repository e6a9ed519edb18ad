package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	write(t, map[string]string{
		"script.js":    "console.log('hi', scriptArgs); 5",
		"bom.js":       "\ufeff#!/usr/bin/env qjswasm\nconsole.log('bom')",
		"app.mjs":      "import { x } from './lib/x.mjs'; import d from './d.json' with { type: 'json' }; console.log(x, d, import.meta.url)",
		"lib/x.mjs":    "\ufeffexport { y as x } from '../y.mjs'",
		"y.mjs":        "export const y = await Promise.resolve(42)",
		"d.json":       `{"k": [1]}`,
		"dynamic.js":   "import('./lib/x.mjs').then(m => console.log(m.x))",
		"plain.js":     "import './y.mjs'; console.log('module')",
		"throw.js":     "function f() {\n  throw new TypeError('bad', { cause: new Error('deep') })\n}\nf()",
		"primitive.js": "throw 'text'",
		"object.js":    "throw { code: 7 }",
		"reject.js":    "Promise.reject(new RangeError('r')); Promise.resolve().then(() => console.log('job'))",
		"late.js":      "const p = Promise.reject(1); p.catch(() => console.log('handled'))",
		"syntax.js":    "let a = 1\n\tlet ü = ;\n",
		"unclosed.js":  "if (1) {\n",
		"import.mjs":   "import './syntax.js'",
		"missing.mjs":  "import './nope.mjs'",
		"bare.mjs":     "import 'lodash'",
		"forever.mjs":  "await new Promise(() => {})",
		"order.js":     "console.log(1); console.error(2); console.log(3)",
		"invalid.js":   "a = 1\nb = 'ü\xff'\n",
	})
	for _, test := range []struct {
		args   string
		stdin  string
		status int
		out    string
		errOut string
	}{
		{args: "script.js", out: "hi []\n"},
		{args: "script.js -- a -b --timeout", out: "hi [ 'a', '-b', '--timeout' ]\n"},
		{args: "-- script.js a", out: "hi [ 'a' ]\n"},
		{args: "-", stdin: "console.log(6 * 7)", out: "42\n"},
		{args: "- --module", stdin: "console.log(await 1)", out: "1\n"},
		{args: "bom.js", out: "bom\n"},
		{args: "app.mjs", out: "42 { k: [ 1 ] } app.mjs\n"},
		{args: "./lib/../app.mjs", out: "42 { k: [ 1 ] } app.mjs\n"},
		{args: "dynamic.js", out: "42\n"},
		{args: "--module plain.js", out: "module\n"},
		{args: "late.js", out: "handled\n"},
		{args: "throw.js", status: 1, errOut: "Uncaught TypeError: bad\n    at f (throw.js:2:43)\n    at <eval> (throw.js:4:1) {\n" +
			"  [cause]: Error: deep\n      at f (throw.js:2:43)\n      at <eval> (throw.js:4:1)\n}\n"},
		{args: "primitive.js", status: 1, errOut: "Uncaught text\n"},
		{args: "object.js", status: 1, errOut: "Uncaught { code: 7 }\n"},
		{args: "reject.js", status: 1, out: "job\n", errOut: "Uncaught (in promise) RangeError: r\n    at <eval> (reject.js:1:20)\n"},
		{args: "syntax.js", status: 1, errOut: "syntax.js:2:11\n\tlet ü = ;\n\t        ^\nUncaught SyntaxError: unexpected token in expression: ';'\n"},
		{args: "unclosed.js", status: 1, errOut: "unclosed.js:2:1\n\n^\nUncaught SyntaxError: unexpected token in expression: ''\n"},
		{args: "import.mjs", status: 1, errOut: "syntax.js:2:11\n\tlet ü = ;\n\t        ^\nUncaught SyntaxError: unexpected token in expression: ';'\n"},
		{args: "missing.mjs", status: 1, errOut: "Uncaught Error: cannot import \"nope.mjs\": no such file or folder\n"},
		{args: "bare.mjs", status: 1, errOut: "Uncaught Error: cannot import \"lodash\" from \"bare.mjs\": there are no packages here, only files: write a path that begins with ./, ../ or /\n"},
		{args: "forever.mjs", status: 1, errOut: "qjswasm: the script waits (await) for a promise that nothing will settle\n"},
		{args: "invalid.js", status: 2, errOut: "qjswasm: invalid.js:2:7: byte 0xff is not valid UTF-8; save the text as UTF-8\n"},
		{args: "-", stdin: "\xff", status: 2, errOut: "qjswasm: standard input:1:1: byte 0xff is not valid UTF-8; save the text as UTF-8\n"},
	} {
		t.Run(test.args, func(t *testing.T) {
			args := append([]string{"run", "--timeout=1m"}, strings.Fields(test.args)...)
			assert.Equal(t, result{test.status, test.out, test.errOut}, invoke(test.stdin, args...))
		})
	}
}

func TestLimits(t *testing.T) {
	for _, test := range []struct {
		args, code string
		status     int
		errOut     string
	}{
		{"--timeout=50ms", "for(;;);", exitTimeout, "qjswasm: timeout: the script was stopped after 50ms (--timeout)\n"},
		{"--timeout=50ms", "const f = () => Promise.resolve().then(f); f()", exitTimeout, "qjswasm: timeout: the script was stopped after 50ms (--timeout)\n"},
		{"--fuel=100000", "for(;;);", exitTimeout, "qjswasm: out of fuel: the script was stopped after 100000 steps (--fuel)\n"},
		{"--fuel=1", "", exitTimeout, "qjswasm: out of fuel: the script was stopped after 1 steps (--fuel)\n"},
		{"--fuel=1000", "", exitTimeout, "qjswasm: out of fuel: the script was stopped after 1000 steps (--fuel)\n"},
		{"--timeout=50ms", "setTimeout(() => {}, 1e6)", exitTimeout, "qjswasm: timeout: the script was stopped after 50ms (--timeout)\n"},
		{"--memory=8MiB", "const a = []; for (;;) a.push('x'.repeat(1000) + a.length)", exitMemory,
			"Uncaught InternalError: out of memory\n    at <eval> (<stdin>:1:34)\nqjswasm: the script used up its memory of 8MiB (--memory)\n"},
		{"--memory=4MiB", "'" + strings.Repeat("x", 5<<20) + "'", exitMemory,
			"qjswasm: standard input is larger than the 4.0 MiB of memory that a script may use (--memory)\n"},
	} {
		t.Run(test.args, func(t *testing.T) {
			assert.Equal(t, result{test.status, "", test.errOut}, invoke(test.code, "run", test.args, "-"))
		})
	}
	r := invoke("function f() { return f() + 1 } f()", "run", "--stack=64KiB", "-")
	assert.Equal(t, exitException, r.status)
	assert.Contains(t, r.errOut, "RangeError: Maximum call stack size exceeded")
}

// One context bounds the whole run, not each part of it.
func TestTimeoutIsForTheWholeRun(t *testing.T) {
	code := "const until = Date.now() + 1500; while (Date.now() < until); setTimeout(() => { for (;;); }, 1)"
	assert.Equal(t, exitTimeout, invoke(code, "run", "--timeout=2s", "-").status)
}

func TestHugeSource(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a source of 100 MB; run without -short")
	}
	var out, errOut bytes.Buffer
	source := io.MultiReader(strings.NewReader("console.log('huge')//"), io.LimitReader(filler{}, 100<<20))
	assert.Equal(t, exitOK, doMain([]string{"run", "-"}, source, &out, &errOut))
	assert.Equal(t, "huge\n", out.String())
	assert.Empty(t, errOut.String())
}

type filler struct{}

func (filler) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func TestSeed(t *testing.T) {
	first := invoke("", "eval", "--seed=7", "Math.random()")
	assert.Equal(t, first, invoke("", "eval", "--seed=7", "Math.random()"))
	assert.NotEqual(t, first, invoke("", "eval", "--seed=8", "Math.random()"))
}

func TestStats(t *testing.T) {
	r := invoke("", "eval", "--stats", "--memory=64MiB", "1")
	assert.Equal(t, "1\n", r.out)
	assert.Regexp(t, `(?s)^time +\S+s\nmemory +.* 64.0 MiB allowed\nfuel +\d+\nobjects +\d+\nentries +\d+ calls .*\nroots +\d+ values .*\n`+
		`callables +\d+ functions, .*, \d\S* \S+ outside\ncycles +\d+ searches in \d+\S*s, \d+ references .* \d+ functions collected\n$`, r.errOut)
}

// Output to both streams keeps its order where they end in one place.
func TestOutputOrder(t *testing.T) {
	var both bytes.Buffer
	status := doMain([]string{"eval", "console.log(1); console.error(2); console.log(3); throw 4"}, strings.NewReader(""), &both, &both)
	assert.Equal(t, exitException, status)
	assert.Equal(t, "1\n2\n3\nUncaught 4\n", both.String())
}

func TestOutputFails(t *testing.T) {
	var errOut bytes.Buffer
	status := doMain([]string{"eval", "1"}, strings.NewReader(""), brokenWriter{}, &errOut)
	assert.Equal(t, exitException, status)
	assert.Equal(t, "qjswasm: cannot write the output: disk full\n", errOut.String())
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestFolders(t *testing.T) {
	write(t, map[string]string{
		"secret.mjs":     "export default 'secret'",
		"app/main.mjs":   "import x from '../lib/x.mjs'; console.log(x)",
		"app/up.mjs":     "import '../secret.mjs'",
		"app/abs.mjs":    "import '/etc/hostname'",
		"app/own.mjs":    "import './other.mjs'",
		"app/other.mjs":  "console.log('own')",
		"lib/x.mjs":      "export default 'x'",
		"app/folder.mjs": "import './sub'",
		"app/sub/a.mjs":  "",
	})
	const denied = ": its folder may not be read; --allow-read="
	for _, test := range []struct {
		args   string
		status int
		out    string
		errOut string
	}{
		{"app/own.mjs", 0, "own\n", ""},
		{"app/main.mjs", 1, "", `Uncaught Error: cannot import "lib/x.mjs"` + denied + "lib allows it\n"},
		{"--allow-read=lib app/main.mjs", 0, "x\n", ""},
		{"--allow-read=app --allow-read=lib app/main.mjs", 0, "x\n", ""},
		{"--allow-read=lib app/own.mjs", 1, "", `Uncaught Error: cannot import "app/other.mjs"` + denied + "app allows it\n"},
		{"app/up.mjs", 1, "", `Uncaught Error: cannot import "secret.mjs"` + denied + ". allows it\n"},
		{"app/abs.mjs", 1, "", `Uncaught Error: cannot import "/etc/hostname"` + denied + "/etc allows it\n"},
		{"app/folder.mjs", 1, "", "Uncaught Error: cannot import \"app/sub\": is a folder\n"},
	} {
		t.Run(test.args, func(t *testing.T) {
			args := append([]string{"run"}, strings.Fields(test.args)...)
			assert.Equal(t, result{test.status, test.out, test.errOut}, invoke("", args...))
		})
	}
	t.Run("standard input and eval read nothing", func(t *testing.T) {
		want := result{1, "", `Uncaught Error: cannot import "secret.mjs"` + denied + ". allows it\n"}
		assert.Equal(t, want, invoke("await import('./secret.mjs')", "run", "--module", "-"))
		assert.Equal(t, want, invoke("", "eval", "await import('./secret.mjs')"))
		assert.Equal(t, result{0, "'secret'\n", ""}, invoke("", "eval", "--allow-read=.", "(await import('./secret.mjs')).default"))
	})
	t.Run("symbolic link", func(t *testing.T) {
		if err := os.Symlink("../secret.mjs", "app/link.mjs"); err != nil {
			t.Skip("symbolic links cannot be made here: ", err)
		}
		require.NoError(t, os.WriteFile("app/vialink.mjs", []byte("import './link.mjs'"), 0o666))
		r := invoke("", "run", "app/vialink.mjs")
		assert.Equal(t, exitException, r.status)
		assert.Equal(t, "Uncaught Error: cannot import \"app/link.mjs\": path escapes from parent\n", r.errOut)
	})
	t.Run("no host path", func(t *testing.T) {
		if runtime.GOOS == "windows" {
			t.Skip("Windows spells folders with backslashes")
		}
		dir, err := os.Getwd()
		require.NoError(t, err)
		r := invoke("import('./nope.mjs').catch(e => console.log(String(e) + e.stack))", "run", "--allow-read=.", "-")
		assert.NotContains(t, r.out, dir)
	})
}
