package qjswasm_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/qjswasm/qjswasm"

// The packages depend on each other in one direction, only host knows wazero,
// and the core needs nothing beyond it, golang.org/x/sys and the standard
// library.
func TestImportGraph(t *testing.T) {
	const wazero, sys = "github.com/tetratelabs/wazero", "golang.org/x/sys"
	allowed := map[string][]string{
		"":              {"/bridge", "/gc", "/host", "/internal/abi", "/wasm"},
		"/bridge":       {"/callables", "/gc", "/host", "/internal/abi"},
		"/callables":    {},
		"/gc":           {"/callables", "/internal/abi"},
		"/host":         {"/callables", "/gc", "/internal/abi", "/wasm", wazero, sys},
		"/internal/abi": {},
		"/wasm":         {},
	}
	for _, goos := range []string{"linux", "windows"} {
		cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
		cmd.Env = append(cmd.Environ(), "GOOS="+goos, "CGO_ENABLED=0")
		out, err := cmd.Output()
		require.NoError(t, err)
		seen := 0
		for d := json.NewDecoder(strings.NewReader(string(out))); ; {
			var p struct {
				ImportPath string
				Imports    []string
			}
			err := d.Decode(&p)
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			deps, core := allowed[strings.TrimPrefix(p.ImportPath, module)]
			if !core {
				for _, i := range p.Imports {
					assert.NotContains(t, i, wazero, p.ImportPath)
				}
				continue
			}
			seen++
			for _, i := range p.Imports {
				if !strings.Contains(i, ".") {
					continue // standard library
				}
				ok := false
				for _, d := range deps {
					if strings.HasPrefix(d, "/") {
						ok = ok || i == module+d
					} else {
						ok = ok || i == d || strings.HasPrefix(i, d+"/")
					}
				}
				assert.True(t, ok, "%s imports %s", p.ImportPath, i)
			}
		}
		assert.Equal(t, len(allowed), seen)
	}
}
