package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/qjswasm/qjswasm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files")

func TestHelp(t *testing.T) {
	for _, command := range []string{"", "run", "eval", "repl", "compile", "version"} {
		t.Run("help "+command, func(t *testing.T) {
			args := append(strings.Fields(command), "--help")
			r := invoke("", args...)
			assert.Equal(t, exitOK, r.status)
			assert.Empty(t, r.errOut)
			golden := filepath.Join("testdata", strings.Trim("help-"+command, "-")+".txt")
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(r.out), 0o666))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), r.out)
			if command != "" {
				assert.Equal(t, r, invoke("", "help", command))
			}
		})
	}
}

func TestVersion(t *testing.T) {
	r := invoke("", "version")
	assert.Equal(t, exitOK, r.status)
	assert.Contains(t, r.out, qjswasm.BuildID())
	assert.Regexp(t, `(?m)^wazero +(v1\.|\(unknown\))`, r.out) // test binaries do not name their modules
	assert.Equal(t, r, invoke("", "--version"))

	env, err := os.ReadFile("../../wasm/versions.env")
	require.NoError(t, err)
	pinned := regexp.MustCompile(`QUICKJS\w*_VERSION="?v?([\d.]+)`).FindSubmatch(env)
	require.NotNil(t, pinned, "versions.env does not pin QuickJS")
	assert.Equal(t, string(pinned[1]), quickjsVersion)
}
