// Package scripts holds scripts for the command line: qjswasm run FILE.
package scripts

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// TestScripts runs each script as the command does, a module if its name ends in
// .mjs, and compares what it prints with testdata.
func TestScripts(t *testing.T) {
	t.Parallel()
	var scripts []string
	for _, pattern := range []string{"*.js", "*.mjs"} {
		names, err := filepath.Glob(pattern)
		require.NoError(t, err)
		scripts = append(scripts, names...)
	}
	require.Len(t, scripts, 4)
	for _, name := range scripts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, err := os.ReadFile(name)
			require.NoError(t, err)
			want, err := os.ReadFile(filepath.Join("testdata", name+".out"))
			require.NoError(t, err)

			var out bytes.Buffer
			rt, err := qjswasm.New(t.Context(), &qjswasm.Options{
				Stdout:               &out,
				Stderr:               &out,
				Modules:              qjswasm.FS(os.DirFS(".")),
				OnUnhandledRejection: func(e *qjswasm.Error) { t.Error(e) },
			})
			require.NoError(t, err)
			defer func() { assert.NoError(t, rt.Close()) }()
			_, err = rt.EvalSource(t.Context(), qjswasm.Source{
				Name: name, Code: string(code), Module: filepath.Ext(name) == ".mjs",
			})
			require.NoError(t, err)
			_, err = rt.RunJobs(t.Context())
			require.NoError(t, err)
			assert.Equal(t, string(want), out.String())
		})
	}
}
