package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWithout(t *testing.T) {
	write(t, map[string]string{"x.js": "console.log(typeof eval, typeof Map)"})
	for _, test := range []struct {
		args        []string
		status      int
		out, errOut string
	}{
		{[]string{"run", "x.js"}, exitOK, "function function\n", ""},
		{[]string{"run", "--without", "eval,regexp", "x.js"}, exitOK, "undefined function\n", ""},
		{[]string{"run", "--without=eval", "--without=Collections", "x.js"}, exitOK, "undefined undefined\n", ""},
		{[]string{"eval", "--without", "console,promise,collections", "typeof console + typeof setTimeout + typeof Map"}, exitOK, "'undefinedundefinedundefined'\n", ""},
		{[]string{"eval", "--without", "promise", "[1]"}, exitOK, "[ 1 ]\n", ""},
		{[]string{"eval", "--without", "console", "throw { a: 1 }"}, exitException, "", "a: 1"},
		{[]string{"eval", "--without", "bigint", "1n"}, exitException, "", "SyntaxError: BigInt is not supported"},
		{[]string{"eval", "--without", "nope", "1"}, exitUsage, "", `unknown intrinsics "nope", the groups are core, eval, regexp`},
		{[]string{"eval", "--without", "core", "1"}, exitUsage, "", "the core of the language cannot be left out"},
	} {
		r := invoke("", test.args...)
		assert.Equal(t, test.status, r.status, "%v: %s", test.args, r.errOut)
		assert.Equal(t, test.out, r.out, "%v", test.args)
		assert.Contains(t, r.errOut, test.errOut, "%v", test.args)
	}
}
