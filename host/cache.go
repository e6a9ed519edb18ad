package host

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tetratelabs/wazero"

	"github.com/qjswasm/qjswasm/wasm"
)

// A compiled guest is machine code that this process will run, so the cache's
// folder is made private to the user; whoever names an existing one answers for
// who can write to it. Against damage every file has a checksum beside it, written
// after it. A file without the right checksum is
// removed and the guest is compiled again. Files appear by rename, so processes
// can share the folder.

const checksumSuffix = ".sha256"

// openCache returns a cache below dir (the user's cache folder when empty), or
// nil when there is no usable one.
func openCache(dir string) (cache wazero.CompilationCache, folder string) {
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return nil, ""
		}
		dir = filepath.Join(base, "qjswasm")
	}
	// wazero keeps a folder per version of its own below this one.
	folder = filepath.Join(dir, wasm.BuildID()[:16])
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, ""
	}
	if !verifyCache(folder) && !writable(folder) {
		return nil, ""
	}
	cache, err := wazero.NewCompilationCacheWithDir(folder)
	if err != nil {
		return nil, ""
	}
	return cache, folder
}

func writable(folder string) bool {
	f, err := os.CreateTemp(folder, "probe.*.tmp")
	if err != nil {
		return false
	}
	f.Close()
	return os.Remove(f.Name()) == nil
}

// entries calls f for each cache file below folder.
func entries(folder string, f func(path string) error) error {
	return filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, checksumSuffix) || strings.HasSuffix(path, ".tmp") {
			return err
		}
		return f(path)
	})
}

// verifyCache removes the files that are not what sealCache saw. It returns
// false when none is left, or one cannot be removed.
func verifyCache(folder string) bool {
	intact := 0
	err := entries(folder, func(path string) error {
		want, err := os.ReadFile(path + checksumSuffix)
		if err == nil {
			if got, err := checksum(path); err == nil && got == string(want) {
				intact++
				return nil
			}
		}
		if err := os.Remove(path + checksumSuffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return os.Remove(path)
	})
	return err == nil && intact > 0
}

// sealCache writes the missing checksums. Failing is no error: the files will
// be made again.
func sealCache(folder string) {
	_ = entries(folder, func(path string) error {
		if _, err := os.Stat(path + checksumSuffix); err == nil {
			return nil
		}
		sum, err := checksum(path)
		if err != nil {
			return err
		}
		f, err := os.CreateTemp(folder, "sum.*.tmp")
		if err != nil {
			return err
		}
		_, err = f.WriteString(sum)
		if err = errors.Join(err, f.Close()); err == nil {
			err = os.Rename(f.Name(), path+checksumSuffix)
		}
		if err != nil {
			_ = os.Remove(f.Name())
		}
		return err
	})
}

func checksum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
