package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/qjswasm/qjswasm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCompile(t *testing.T) {
	write(t, map[string]string{
		"script.js":       "console.log('script', scriptArgs)",
		"src/app.mjs":     "import { x } from './lib/x.mjs'; console.log(x); throw new Error('end')",
		"src/lib/x.mjs":   "export const x = 'from src'",
		"build/lib/x.mjs": "export const x = 'from build'",
		"bad.js":          "let = ;",
	})
	assert.Equal(t, result{}, invoke("", "compile", "script.js"))
	assert.Equal(t, result{0, "script [ 'a' ]\n", ""}, invoke("", "run", "script.qbc", "--", "a"))
	assert.Equal(t, result{}, invoke("console.log(await 1)", "compile", "--module", "-", "-o", "stdin.qbc"))
	assert.Equal(t, result{0, "1\n", ""}, invoke("", "run", "stdin.qbc"))

	// Imports are relative to the bytecode, stack traces name the source.
	assert.Equal(t, result{}, invoke("", "compile", "src/app.mjs", "-o", "build/app.qbc"))
	assert.Equal(t, result{1, "from build\n", "Uncaught Error: end\n    at <anonymous> (src/app.mjs:1:60)\n"}, invoke("", "run", "build/app.qbc"))

	assert.Equal(t, result{1, "", "bad.js:1:7\nlet = ;\n      ^\nUncaught SyntaxError: "}, cutLast(invoke("", "compile", "bad.js")))
	assert.NoFileExists(t, "bad.qbc")
	assert.Equal(t, result{2, "", "qjswasm: script.qbc is bytecode already\n"}, invoke("", "compile", "script.qbc"))
}

// cutLast cuts the engine's words off the last line.
func cutLast(r result) result {
	const label = "SyntaxError: "
	if i := bytes.LastIndex([]byte(r.errOut), []byte(label)); i >= 0 {
		r.errOut = r.errOut[:i+len(label)]
	}
	return r
}

func TestDamagedBytecode(t *testing.T) {
	write(t, map[string]string{"a.js": "1"})
	require.Equal(t, result{}, invoke("", "compile", "a.js"))
	good, err := os.ReadFile("a.qbc")
	require.NoError(t, err)
	other := bytes.Replace(good, []byte(qjswasm.BuildID()), bytes.Repeat([]byte("0"), len(qjswasm.BuildID())), 1)
	flipped := bytes.Clone(good)
	flipped[len(flipped)-1] ^= 1
	damaged := "qjswasm: a.qbc is damaged, its checksum does not match: compile it again from its source\n"
	foreign := func(build string) string {
		return "qjswasm: a.qbc was compiled by another build (" + build + ") than this one (" + qjswasm.BuildID()[:12] + "): compile it again from its source\n"
	}
	for name, test := range map[string]struct {
		data   []byte
		errOut string
	}{
		"another build": {other, foreign("000000000000")},
		"flipped bit":   {flipped, damaged},
		"cut short":     {good[:len(good)-1], damaged},
		"cut in header": {good[:len(bytecodeMagic)+len(qjswasm.BuildID())+5], damaged},
		"magic only":    {good[:len(bytecodeMagic)], foreign("")},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.WriteFile("a.qbc", test.data, 0o666))
			assert.Equal(t, result{exitUsage, "", test.errOut}, invoke("", "run", "a.qbc"))
		})
	}
}
