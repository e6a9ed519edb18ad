// Templates renders pages with templates that users write in JS. A template is a
// function from data to text; the tag html escapes what it inserts. The host
// bounds time, memory and the size of the page, so that a template which is
// broken or means harm costs its author a page and nobody else anything.
//
//	go run ./examples/templates
package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"log"
	"os"
	"strings"
	"time"

	"github.com/qjswasm/qjswasm"
)

//go:embed templates
var templates embed.FS

const (
	timeLimit   = 500 * time.Millisecond
	memoryLimit = 16 << 20
	pageLimit   = 64 << 10
)

type invoice struct {
	Number   string
	Customer string
	Due      time.Time
	Lines    []line
}

type line struct {
	Text     string
	Quantity int
	Price    float64
}

// prelude defines the tag. Go's own escaper does the work.
const prelude = `
class Markup extends String {}
function html(texts, ...values) {
	const insert = (v) => v instanceof Markup ? v
		: Array.isArray(v) ? v.map(insert).join("")
		: escapeHTML(String(v ?? ""));
	return new Markup(texts[0] + values.map((v, i) => insert(v) + texts[i + 1]).join(""));
}`

// page runs a template in a runtime of its own: pages share nothing.
func page(ctx context.Context, name string, data any) (string, error) {
	code, err := fs.ReadFile(templates, name)
	if err != nil {
		return "", err
	}
	rt, err := qjswasm.New(ctx, &qjswasm.Options{Timeout: timeLimit, MemoryLimit: memoryLimit})
	if err != nil {
		return "", err
	}
	defer rt.Close()
	if err := rt.Set("escapeHTML", html.EscapeString); err != nil {
		return "", err
	}
	if _, err := rt.EvalSource(ctx, qjswasm.Source{Name: "prelude.js", Code: prelude}); err != nil {
		return "", err
	}
	template, err := rt.EvalSource(ctx, qjswasm.Source{Name: name, Code: string(code)})
	if err != nil {
		return "", err
	}
	result, err := template.Call(ctx, nil, data)
	if err != nil {
		return "", err
	}
	// The result may be any object: its toString runs under the same limits.
	text, err := result.Text(ctx)
	if err != nil {
		return "", err
	}
	if len(text) > pageLimit {
		return "", fmt.Errorf("the page has %d bytes, %d are allowed", len(text), pageLimit)
	}
	return text, nil
}

func run(w io.Writer) error {
	data := invoice{
		Number:   "2025-0117",
		Customer: "Miller & Sons <info@miller.example>",
		Due:      time.Date(2025, time.December, 1, 0, 0, 0, 0, time.UTC),
		Lines: []line{
			{"Docking station", 2, 219},
			{`Cable, 2 m, "USB-C"`, 10, 12.5},
		},
	}
	names, err := fs.Glob(templates, "templates/*.js")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := page(context.Background(), name, data)
		fmt.Fprintf(w, "== %s\n", name)
		switch {
		case errors.Is(err, qjswasm.ErrInterrupted):
			fmt.Fprintf(w, "stopped after %v: %v\n", timeLimit, err)
		case errors.Is(err, qjswasm.ErrMemoryLimit):
			fmt.Fprintf(w, "stopped at %d MiB: %v\n", memoryLimit>>20, err)
		case err != nil:
			fmt.Fprintln(w, "failed:", err)
		default:
			fmt.Fprintln(w, strings.TrimSpace(text))
		}
	}
	return nil
}

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}
