package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// result is what one invocation left behind.
type result struct {
	status      int
	out, errOut string
}

func invoke(stdin string, args ...string) result {
	var out, errOut bytes.Buffer
	status := doMain(args, strings.NewReader(stdin), &out, &errOut)
	return result{status, out.String(), errOut.String()}
}

// write makes files in a new folder and changes to it.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
	}
}

func TestWrongUse(t *testing.T) {
	write(t, map[string]string{"ok.js": "1", "lib/x.js": "1"})
	for _, test := range []struct{ args, stderr string }{
		{"run", "run needs a FILE, or - for standard input (see qjswasm --help)"},
		{"eval", "eval needs CODE (see qjswasm --help)"},
		{"run ok.js x", `unexpected argument "x": arguments for the script go after -- (see qjswasm --help)`},
		{"repl ok.js", `unexpected argument "ok.js": to run a file: qjswasm run ok.js (see qjswasm --help)`},
		{"version x", `unexpected argument "x" (see qjswasm --help)`},
		{"compile ok.js -- x", `unexpected argument "x": nothing runs now, so there is nobody to take it (see qjswasm --help)`},
		{"compile -", "compiling standard input needs -o FILE (see qjswasm --help)"},
		{"nope", `unknown command "nope" (see qjswasm --help)`},
		{"evla 1", `unknown command "evla"; did you mean "eval"? (see qjswasm --help)`},
		{"help nope", `unknown command "nope" (see qjswasm --help)`},
		{"ok.js", `unknown command "ok.js"; to run a file: qjswasm run ok.js (see qjswasm --help)`},
		{"run --nope ok.js", "unknown flag: --nope (see qjswasm --help)"},
		{"run -z ok.js", "unknown shorthand flag: 'z' in -z (see qjswasm --help)"},
		{"run --memory", "flag needs an argument: --memory (see qjswasm --help)"},
		{"run --memory=much ok.js", `invalid argument "much" for "--memory" flag: ` + errSize.Error() + " (see qjswasm --help)"},
		{"run --fuel=0 ok.js", `invalid argument "0" for "--fuel" flag: ` + errFuel.Error() + " (see qjswasm --help)"},
		{"run --timeout=-5s ok.js", `invalid argument "-5s" for "--timeout" flag: ` + errTimeout.Error() + " (see qjswasm --help)"},
		{"run --timeout 5 ok.js", `invalid argument "5" for "--timeout" flag: ` + errTimeout.Error() + " (see qjswasm --help)"},
		{"run --seed=-1 ok.js", `invalid argument "-1" for "--seed" flag: ` + errSeed.Error() + " (see qjswasm --help)"},
		{"run --allow-read= ok.js", `invalid argument "" for "--allow-read" flag: must name a folder (see qjswasm --help)`},
		{"run --allow-read=nodir ok.js", "cannot read from folder nodir: no such file or folder"},
		{"run nofile.js", "cannot read nofile.js: no such file or folder"},
		{"run lib", "cannot read lib: it is a folder, not a script"},
		{"compile nofile.js", "cannot read nofile.js: no such file or folder"},
		{"compile ok.js -o no/dir.qbc", "cannot write no/dir.qbc: no such file or folder"},
	} {
		t.Run(test.args, func(t *testing.T) {
			assert.Equal(t, result{exitUsage, "", "qjswasm: " + test.stderr + "\n"}, invoke("", strings.Fields(test.args)...))
		})
	}
}

// The library says what the bounds are; here it matters that it is one line.
func TestLimitsOutOfRange(t *testing.T) {
	for _, flag := range []string{"--memory=1", "--memory=8GiB", "--stack=1", "--stack=1GiB"} {
		t.Run(flag, func(t *testing.T) {
			r := invoke("", "eval", flag, "1")
			assert.Equal(t, exitUsage, r.status)
			assert.Empty(t, r.out)
			assert.Contains(t, r.errOut, "qjswasm: cannot start with --memory=")
			assert.Equal(t, 1, strings.Count(r.errOut, "\n"))
		})
	}
}

func TestNoArguments(t *testing.T) {
	r := invoke("")
	assert.Equal(t, exitUsage, r.status)
	assert.Empty(t, r.out)
	assert.Contains(t, r.errOut, "Usage:")
}

func TestUnreadable(t *testing.T) {
	write(t, map[string]string{"secret.js": "1"})
	require.NoError(t, os.Chmod("secret.js", 0))
	if f, err := os.Open("secret.js"); err == nil {
		f.Close()
		t.Skip("this user, such as root, may read any file")
	}
	assert.Equal(t, result{exitUsage, "", "qjswasm: cannot read secret.js: permission denied\n"}, invoke("", "run", "secret.js"))
}

func TestSize(t *testing.T) {
	for text, want := range map[string]int64{
		"1": 1, "65536": 65536, "64b": 64, "64KiB": 64 << 10, "64kib": 64 << 10, " 1.5 MiB ": 3 << 19,
		"2GiB": 2 << 30, "64KB": 64000, "1MB": 1e6, "3GB": 3e9,
	} {
		var s size
		if assert.NoError(t, s.Set(text), text) {
			assert.Equal(t, want, int64(s), text)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "0", "0.1", "1e3", "0x10", "inf", "NaN", "1TB", "1 2", "9999999999GiB", "64 M"} {
		assert.Error(t, new(size).Set(text), text)
	}
	for n, want := range map[size]string{1: "1", 1000: "1000", 960 << 10: "960KiB", 256 << 20: "256MiB", 3 << 30: "3GiB"} {
		assert.Equal(t, want, n.String())
	}
}
