//go:build !fastschema

package bench

// Engines are the constructors of those in this build.
var Engines = map[string]func() (*Engine, error){"qjswasm": newQjswasm, "goja": newGoja, "copy in Go": newGoCopy}
