//go:build !fastschema

package main

// libraries run a shape, by their names, with those in this build.
var libraries = map[string]func(shape, int) (report, error){
	"qjswasm":             runner(newQjswasm),
	"goja":                runner(newGoja),
	"modernc.org/quickjs": runner(newModernc),
}
