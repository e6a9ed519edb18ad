package attack

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed testdata
var testdata embed.FS

// Suite returns all scripts, by name.
func Suite() ([]*Script, error) {
	names, err := fs.Glob(testdata, "testdata/*/*.js")
	if err != nil {
		return nil, err
	}
	all := make([]*Script, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(testdata, name)
		if err != nil {
			return nil, err
		}
		name = strings.TrimSuffix(strings.TrimPrefix(name, "testdata/"), ".js")
		if all[i], err = Parse(name, string(text)); err != nil {
			return nil, err
		}
	}
	return all, nil
}
