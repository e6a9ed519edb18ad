package host

import (
	"reflect"
	"runtime"
	"strings"
)

// frameClass is whose code a frame runs.
type frameClass uint8

const (
	frameUnknown frameClass = iota
	frameTheirs             // the program's
	frameOurs               // this module's
	frameHidden             // what lies between the two, such as the engine
)

// frameClasses are those of return addresses that have been seen. There are no more
// of them than calls in the program's text.
type frameClasses map[uintptr]frameClass

func (m frameClasses) of(pc uintptr) frameClass {
	c := m[pc]
	if c == frameUnknown {
		f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
		c = classOf(f.Function)
		m[pc] = c
	}
	return c
}

// modulePath is the import path of the root package.
var modulePath = strings.TrimSuffix(reflect.TypeFor[Instance]().PkgPath(), "/host")

func classOf(function string) frameClass {
	p := packageOf(function)
	inside, ok := strings.CutPrefix(p, modulePath)
	first, _, _ := strings.Cut(strings.TrimPrefix(inside, "/"), "/")
	switch {
	case p == "runtime", p == "reflect", p == "github.com/tetratelabs/wazero", strings.HasPrefix(p, "github.com/tetratelabs/wazero/"):
		return frameHidden
	case !ok || inside != "" && inside[0] != '/':
		return frameTheirs
	}
	switch first {
	case "", "bridge", "callables", "gc", "host", "internal", "wasm":
		return frameOurs
	}
	return frameTheirs // an example or a command
}

// packageOf returns the import path that a function's name begins with.
func packageOf(function string) string {
	function, _, _ = strings.Cut(function, "[") // type arguments have paths of their own
	slash := strings.LastIndexByte(function, '/') + 1
	name, _, _ := strings.Cut(function[slash:], ".")
	return function[:slash] + name
}
