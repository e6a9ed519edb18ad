// Embedding runs a script in the sandbox, which calls a Go function.
//
//	go run ./examples/embedding
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/qjswasm/qjswasm"
)

func run(w io.Writer) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second) // a script that hangs is stopped
	defer cancel()
	rt, err := qjswasm.New(ctx, &qjswasm.Options{MemoryLimit: 32 << 20})
	if err != nil {
		return err
	}
	defer rt.Close()

	err = rt.Set("greet", func(name string) string { return "Hello, " + name + "!" })
	if err != nil {
		return err
	}
	greetings, err := qjswasm.Eval[[]string](ctx, rt, `["Ada", "Grace"].map(name => greet(name))`)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, greetings)
	return nil
}

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}
