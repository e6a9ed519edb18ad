package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHistory(t *testing.T) {
	h := history{filepath.Join(t.TempDir(), "new", "history")}
	assert.Empty(t, h.load())
	h.add("let a = 1")
	h.add("größer")
	assert.Equal(t, []string{"let a = 1", "größer"}, h.load())
	if runtime.GOOS != "windows" {
		info, err := os.Stat(h.path)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
}

func TestHistoryIsShortened(t *testing.T) {
	h := history{filepath.Join(t.TempDir(), "history")}
	var all strings.Builder
	for i := range 2*maxHistory + 5 {
		fmt.Fprintln(&all, i)
	}
	require.NoError(t, os.WriteFile(h.path, []byte(all.String()+"\xff\n\n"), 0o600))
	got := h.load()
	assert.Len(t, got, maxHistory)
	assert.Equal(t, fmt.Sprint(2*maxHistory+4), got[maxHistory-1])
	b, err := os.ReadFile(h.path)
	require.NoError(t, err)
	assert.Equal(t, strings.Join(got, "\n")+"\n", string(b))
}

func TestHistoryCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	h := history{filepath.Join(file, "history")} // below a file there is nothing
	h.add("x")
	assert.Empty(t, h.load())
	history{}.add("x")
	assert.Empty(t, history{}.load())
}
