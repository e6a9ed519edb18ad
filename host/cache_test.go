package host

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// works proves that an engine with this configuration runs scripts.
func works(t *testing.T, cfg EngineConfig) {
	t.Helper()
	e, err := NewEngine(ctx, cfg)
	require.NoError(t, err)
	defer func() { require.NoError(t, e.Close(ctx)) }()
	in, err := e.NewInstance(ctx, InstanceConfig{MemoryLimit: 64 << 20})
	require.NoError(t, err)
	defer in.Close()
	_, cell := run(t, in, "40 + 2")
	require.EqualValues(t, 42, cell)
}

// compiled skips where wazero interprets the guest.
func compiled(t *testing.T) {
	t.Helper()
	if !compilable(runtime.GOARCH) {
		t.Skip("the guest is interpreted on " + runtime.GOARCH)
	}
}

func cacheFiles(t *testing.T, dir string) (files []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	}))
	return files
}

func TestCacheIsUsed(t *testing.T) {
	compiled(t)
	dir := t.TempDir()
	works(t, EngineConfig{CacheDir: dir})
	files := cacheFiles(t, dir)
	require.Len(t, files, 2, "code and checksum")
	before, err := os.Stat(files[0])
	require.NoError(t, err)
	works(t, EngineConfig{CacheDir: dir})
	after, err := os.Stat(files[0])
	require.NoError(t, err)
	assert.True(t, os.SameFile(before, after), "the file was written again")

	dir = t.TempDir()
	works(t, EngineConfig{CacheDir: dir, NoCache: true})
	assert.Empty(t, cacheFiles(t, dir))
}

// Damage of any kind costs a compilation and nothing else.
func TestCacheDamage(t *testing.T) {
	compiled(t)
	dir := t.TempDir()
	works(t, EngineConfig{CacheDir: dir})
	for name, damage := range map[string]func(path string) error{
		"truncated":   func(p string) error { return os.Truncate(p, 100) },
		"empty":       func(p string) error { return os.Truncate(p, 0) },
		"overwritten": func(p string) error { return os.WriteFile(p, []byte(strings.Repeat("junk", 1000)), 0o600) },
		"one bit": func(p string) error {
			b, err := os.ReadFile(p)
			if err == nil {
				b[len(b)/2] ^= 1
				err = os.WriteFile(p, b, 0o600)
			}
			return err
		},
	} {
		for _, suffix := range []string{"", checksumSuffix} {
			done := false
			for _, path := range cacheFiles(t, dir) {
				if strings.HasSuffix(path, checksumSuffix) == (suffix != "") {
					require.NoError(t, damage(path), name)
					done = true
				}
			}
			require.True(t, done)
			works(t, EngineConfig{CacheDir: dir})
			require.Len(t, cacheFiles(t, dir), 2, name)
		}
	}
}

func TestCacheUnusableFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	works(t, EngineConfig{CacheDir: file})
	works(t, EngineConfig{CacheDir: filepath.Join(file, "below")})
	if runtime.GOOS != "windows" {
		readOnly := t.TempDir()
		require.NoError(t, os.Chmod(readOnly, 0o500))
		works(t, EngineConfig{CacheDir: readOnly})
	}
}

func TestCacheIsShared(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the guest several times; run without -short")
	}
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { works(t, EngineConfig{CacheDir: dir}) })
	}
	wg.Wait()
	works(t, EngineConfig{CacheDir: dir})
}
