package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/qjswasm/qjswasm"
)

// loader reads modules from the folders that the user allowed. Names are paths
// as the user would type them, with slashes: relative to the current folder, or
// absolute if the script was named so.
type loader struct {
	roots []root
	max   int64 // the size of a module, at most

	// renamed gives, for the name that bytecode was compiled under, that of its
	// file now: imports are relative to the file.
	renamed map[string]string
}

// root is an open folder. What is read through it cannot leave it, neither by
// ".." nor by a symbolic link.
type root struct {
	*os.Root
	abs string
}

func newLoader(dirs []string, max int64) (*loader, error) {
	l := &loader{max: max, renamed: map[string]string{}}
	for _, dir := range dirs {
		abs, err := filepath.Abs(dir)
		if err != nil {
			l.close()
			return nil, badInput("cannot read from folder %s: it cannot be found from here", dir)
		}
		r, err := os.OpenRoot(abs)
		if err != nil {
			l.close()
			return nil, badInput("cannot read from folder %s: %s", dir, reason(err))
		}
		l.roots = append(l.roots, root{r, abs})
	}
	return l, nil
}

func (l *loader) close() {
	for _, r := range l.roots {
		r.Close()
	}
}

// Resolve implements qjswasm.ModuleLoader.
func (l *loader) Resolve(_ context.Context, referrer, specifier string) (string, error) {
	if name, ok := l.renamed[referrer]; ok {
		referrer = name
	}
	switch {
	case strings.HasPrefix(specifier, "/"):
		return path.Clean(specifier), nil
	case strings.HasPrefix(specifier, "./"), strings.HasPrefix(specifier, "../"):
		return path.Join(path.Dir(referrer), specifier), nil
	}
	return "", errPackage
}

// Load implements qjswasm.ModuleLoader.
func (l *loader) Load(_ context.Context, name string) (qjswasm.Source, error) {
	b, err := l.read(name)
	if err != nil {
		return qjswasm.Source{}, err
	}
	return qjswasm.Source{Name: name, Code: strings.TrimPrefix(string(b), byteOrderMark), Module: true}, nil
}

// source returns the text of a module that was loaded before.
func (l *loader) source(name string) (string, bool) {
	b, err := l.read(name)
	return strings.TrimPrefix(string(b), byteOrderMark), err == nil
}

func (l *loader) read(name string) ([]byte, error) {
	abs, err := filepath.Abs(filepath.FromSlash(name))
	if err != nil {
		return nil, errors.New("it cannot be found from here")
	}
	err = fmt.Errorf("its folder may not be read; --allow-read=%s allows it", path.Dir(name))
	for _, r := range l.roots {
		rel, relErr := filepath.Rel(r.abs, abs)
		if relErr != nil || !filepath.IsLocal(rel) {
			continue
		}
		b, readErr := readLimited(r, rel, l.max)
		if readErr == nil {
			return b, nil
		}
		err = errors.New(reason(readErr))
	}
	return nil, err
}

func readLimited(r root, rel string, max int64) ([]byte, error) {
	// Looked at before it is opened: to open a named pipe may take forever.
	switch info, err := r.Stat(rel); {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errIsFolder
	case !info.Mode().IsRegular():
		return nil, errNotRegular
	}
	f, err := r.Open(rel)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, max+1))
	if err == nil && int64(len(b)) > max {
		err = errTooLarge
	}
	return b, err
}

var (
	errIsFolder   = errors.New("is a folder")
	errNotRegular = errors.New("is not a regular file")
	errTooLarge   = errors.New("it is larger than the memory allowed (--memory)")
	errPackage    = errors.New("there are no packages here, only files: write a path that begins with ./, ../ or /")
)

// reason is what went wrong with a file, without the path: that may be one that
// the user did not type.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file or folder"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	}
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}
