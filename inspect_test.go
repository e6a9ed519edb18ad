package qjswasm_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// withAtomics stands in for Atomics, which a fixture prints and the guest, having
// no threads, does not have.
const withAtomics = `globalThis.Atomics ??= Object.defineProperty({}, Symbol.toStringTag, { value: 'Atomics' }); 0`

// TestInspect runs each script of testdata/inspect in a runtime of its own and
// compares all it prints with the .out file next to it. Both streams go to one
// buffer, in the order of the calls; jobs run after the script.
func TestInspect(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob(filepath.Join("testdata", "inspect", "*.js"))
	require.NoError(t, err)
	require.NotEmpty(t, scripts)
	for _, script := range scripts {
		name := strings.TrimSuffix(filepath.Base(script), ".js")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, err := os.ReadFile(script)
			require.NoError(t, err)
			want, err := os.ReadFile(strings.TrimSuffix(script, ".js") + ".out")
			require.NoError(t, err)

			var out bytes.Buffer
			rt, err := qjswasm.New(t.Context(), &qjswasm.Options{Stdout: &out, Stderr: &out})
			require.NoError(t, err)
			defer func() { assert.NoError(t, rt.Close()) }()
			_, err = rt.Eval(t.Context(), withAtomics)
			require.NoError(t, err)
			_, err = rt.EvalSource(t.Context(), qjswasm.Source{Name: script, Code: string(code)})
			require.NoError(t, err)
			_, err = rt.RunJobs(t.Context())
			require.NoError(t, err)
			assert.Equal(t, string(want), out.String())
		})
	}
}
