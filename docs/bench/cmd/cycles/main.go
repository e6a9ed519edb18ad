// Command cycles makes cycles that run through Go's heap and through that of JS,
// drops them, and prints what each library keeps of them. Run it in docs/bench; see
// the README there.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/qjswasm/qjswasm/docs/bench"
)

var (
	count    = flag.Int("n", 10_000, "cycles of each shape")
	run      = flag.String("run", "", "only shapes whose names match this regular expression")
	names    = flag.String("libraries", "qjswasm,goja,modernc.org/quickjs,fastschema/qjs", "columns")
	timeout  = flag.Duration("timeout", 3*time.Minute, "for one shape in one library")
	markdown = flag.Bool("markdown", false, "print a table at the end")
	list     = flag.Bool("list", false, "print the shapes")
	child    = flag.String("child", "", "run one shape in this library and report on standard output")
)

func main() {
	flag.Parse()
	var err error
	switch {
	case *list:
		for _, s := range shapes {
			fmt.Printf("%-10s %s\n", s.Name, s.Title)
		}
	case *child != "":
		err = runOne()
	default:
		err = compare()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "cycles:", err)
		os.Exit(1)
	}
}

// runOne is what a child process does.
func runOne() error {
	i := slices.IndexFunc(shapes, func(s shape) bool { return s.Name == *run })
	runShape, ok := libraries[*child]
	if i < 0 || !ok {
		return fmt.Errorf("no shape %q or no library %q", *run, *child)
	}
	r, err := runShape(shapes[i], *count)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

func compare() error {
	only, err := regexp.Compile(*run)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "cycles")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	columns := strings.Split(*names, ",")
	programs := map[string]string{}
	for _, name := range columns {
		// The tag has modernc.org/libc count what it allocates.
		args := []string{"-tags=memory.counters"}
		if name == "fastschema/qjs" {
			args = bench.FastschemaBuild
		} else if libraries[name] == nil {
			return fmt.Errorf("no library %q", name)
		}
		if programs[name], err = bench.Build(tmp, "./cmd/cycles", args...); err != nil {
			return err
		}
	}
	var rows []row
	for _, s := range shapes {
		if !only.MatchString(s.Name) {
			continue
		}
		r := row{shape: s}
		fmt.Printf("%s\n", s.Title)
		for _, name := range columns {
			cell := start(programs[name], name, s)
			fmt.Printf("  %-20s %s\n", name, cell.text(s))
			r.cells = append(r.cells, cell)
		}
		rows = append(rows, r)
	}
	if *markdown {
		printTable(columns, rows)
	}
	return nil
}
