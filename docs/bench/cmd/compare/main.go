// Command compare measures all engines in turns and prints a table in Markdown.
// Run it in docs/bench; see the README there.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/qjswasm/qjswasm/docs/bench"
)

var (
	rounds  = flag.Int("rounds", 7, "how often each engine has its turn")
	slice   = flag.Duration("slice", 20*time.Millisecond, "length of a turn")
	budget  = flag.Duration("budget", 2*time.Second, "for one cell of the table: slow ones have fewer turns, at least one")
	run     = flag.String("run", "", "only workloads that match this regular expression")
	engines = flag.String("engines", "qjswasm,goja,fastschema/qjs,copy in Go", "columns; ratios are to the first one")
	minimum = flag.Bool("min", false, "print fastest turns instead of medians")
	serve   = flag.String("serve", "", "answer requests on standard input for this engine")
)

func main() {
	flag.Parse()
	var err error
	if *serve != "" {
		err = bench.Serve(*serve, os.Stdin, os.Stdout)
	} else {
		err = compare()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func compare() error {
	only, err := regexp.Compile(*run)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "compare")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	var peers []*peer
	for name := range strings.SplitSeq(*engines, ",") {
		program, err := programFor(name, tmp)
		if err != nil {
			return err
		}
		p, err := start(program, name)
		if err != nil {
			return err
		}
		defer p.stop()
		peers = append(peers, p)
	}
	printHeader(peers)
	for _, w := range bench.Workloads {
		if !only.MatchString(w.Name) {
			continue
		}
		cells, err := measure(w, peers)
		if err != nil {
			return err
		}
		printRow(w.Title, cells)
	}
	return nil
}

// programFor builds the engine that needs a wazero of its own; the others are in
// this program.
func programFor(engine, dir string) (string, error) {
	if _, ok := bench.Engines[engine]; ok {
		return os.Executable()
	}
	return bench.Build(dir, "./cmd/compare", bench.FastschemaBuild...)
}
