// Plugins loads ES modules from an embedded folder and lets them take part in
// what the program does. A plugin imports what it likes from its folder, and
// the module "app", which the host makes: all that it can reach.
//
//	go run ./examples/plugins
package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path"
	"time"

	"github.com/qjswasm/qjswasm"
)

//go:embed plugins
var files embed.FS

// document is what the program is about.
type document struct {
	Title string            `js:"title"`
	Body  string            `js:"body"`
	Meta  map[string]string `js:"meta"`
}

// hook is a JS function that gets a document and returns the one to go on with.
type hook = func(context.Context, document) (document, error)

// app is what plugins see of the program.
type app struct {
	out   io.Writer
	hooks map[string][]hook
}

// api is the object that plugins import.
func (a *app) api() map[string]any {
	return map[string]any{
		"version": "1.2",
		"log":     func(text string) { fmt.Fprintln(a.out, "plugin:", text) },
		"on": func(event string, h hook) error {
			if event != "save" {
				return fmt.Errorf("there is no event %q", event)
			}
			a.hooks[event] = append(a.hooks[event], h)
			return nil
		},
	}
}

// fire passes the document through the hooks.
func (a *app) fire(ctx context.Context, event string, doc document) (document, error) {
	for _, h := range a.hooks[event] {
		var err error
		if doc, err = h(ctx, doc); err != nil {
			return doc, err
		}
	}
	return doc, nil
}

// loader adds the module "app" to those of a file system.
type loader struct{ qjswasm.ModuleLoader }

func (l loader) Resolve(ctx context.Context, referrer, specifier string) (string, error) {
	if specifier == "app" {
		return specifier, nil
	}
	return l.ModuleLoader.Resolve(ctx, referrer, specifier)
}

func (l loader) Load(ctx context.Context, name string) (qjswasm.Source, error) {
	if name == "app" {
		return qjswasm.Source{Code: "export const { version, log, on } = app"}, nil
	}
	return l.ModuleLoader.Load(ctx, name)
}

func run(w io.Writer) error {
	ctx := context.Background()
	root, err := fs.Sub(files, "plugins")
	if err != nil {
		return err
	}
	rt, err := qjswasm.New(ctx, &qjswasm.Options{
		Modules:     loader{qjswasm.FS(root)},
		Timeout:     time.Second,
		MemoryLimit: 32 << 20,
	})
	if err != nil {
		return err
	}
	defer rt.Close()
	a := &app{out: w, hooks: map[string][]hook{}}
	if err := rt.Set("app", a.api()); err != nil {
		return err
	}

	names, err := fs.Glob(root, "*.mjs")
	if err != nil {
		return err
	}
	for _, name := range names {
		plugin, err := rt.Import(ctx, path.Join("/", name))
		if err != nil {
			fmt.Fprintf(w, "%s is left out: %v\n", name, err)
			continue
		}
		title, err := plugin.Get("default")
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: %v\n", name, title)
		plugin.Close()
	}

	doc, err := a.fire(ctx, "save", document{
		Title: "Ten Things, and Why",
		Body:  "One   is a start.\nTwo is   company.\n",
		Meta:  map[string]string{"author": "ada"},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%q\n%q\n%v\n", doc.Title, doc.Body, doc.Meta)
	return nil
}

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}
