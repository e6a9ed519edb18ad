package callables_test

import (
	"fmt"
	"strings"

	"github.com/qjswasm/qjswasm/callables"
)

func Example() {
	type callable struct {
		name string
		call func(string) string
	}
	var registry callables.Registry[callable]

	// The guest gets the handle, a plain number.
	handle := registry.Add(&callable{"upper", strings.ToUpper})
	fmt.Println(registry.Len(), handle)

	// The guest calls back with the handle.
	if c := registry.Lookup(handle); c != nil {
		fmt.Println(c.name, c.call("hello"))
	}

	// The guest's object is gone; its handle finds nothing any more.
	registry.Remove(handle)
	fmt.Println(registry.Lookup(handle) == nil)

	// Output:
	// 1 0@1
	// upper HELLO
	// true
}

func ExampleRegistry_All() {
	var registry callables.Registry[string]
	for _, name := range []string{"open", "read", "close"} {
		registry.Add(&name)
	}
	for handle, name := range registry.All() {
		if *name == "read" {
			registry.Remove(handle)
		}
		fmt.Println(handle, *name)
	}
	fmt.Println(registry.Len())

	// Output:
	// 0@1 open
	// 1@1 read
	// 2@1 close
	// 2
}
