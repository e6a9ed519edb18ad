package attack

import (
	"context"
	"io/fs"
	"strconv"
	"strings"

	"github.com/qjswasm/qjswasm"
)

// loader serves a script's modules.
type loader map[string]string

func (l loader) Resolve(_ context.Context, _, specifier string) (string, error) {
	return specifier, nil
}

func (l loader) Load(_ context.Context, name string) (qjswasm.Source, error) {
	code, ok := l[name]
	if !ok {
		if code, ok = l.numbered(name); !ok {
			return qjswasm.Source{}, fs.ErrNotExist
		}
	}
	return qjswasm.Source{Name: name, Code: code, Module: true}, nil
}

// numbered finds the module name* for a name that ends in a number.
func (l loader) numbered(name string) (string, bool) {
	stem := strings.TrimRight(name, "0123456789")
	code, ok := l[stem+"*"]
	n, err := strconv.Atoi(name[len(stem):])
	if !ok || err != nil {
		return "", false
	}
	return strings.NewReplacer("$N", strconv.Itoa(n), "$M", strconv.Itoa(n+1)).Replace(code), true
}
