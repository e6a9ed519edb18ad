// Command attack runs the attack suite and prints what each script did to the
// process: its outcome, when it returned, and the worst stall of a goroutine that
// allocates meanwhile.
//
//	go run ./internal/attack/cmd/attack [-control n] [pattern]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"regexp"

	"github.com/qjswasm/qjswasm/internal/attack"
)

func main() {
	controls := flag.Int("control", 20, "`times` to measure the machine without a guest")
	flag.Parse()
	if err := run(*controls, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
}

func run(controls int, pattern string) error {
	chosen, err := regexp.Compile(pattern)
	if err != nil {
		return err
	}
	suite, err := attack.Suite()
	if err != nil {
		return err
	}
	var table attack.Table
	for _, s := range suite {
		if chosen.MatchString(s.Name) {
			table = append(table, attack.Run(context.Background(), s))
		}
	}
	if err := table.Fprint(os.Stdout); err != nil {
		return err
	}
	fmt.Println()
	table.Summary(os.Stdout)
	fmt.Println("control, idle process:", attack.FormatStalls(attack.Control(controls, attack.Idle)))
	fmt.Println("control, busy goroutine:", attack.FormatStalls(attack.Control(controls, attack.Busy)))
	for _, r := range table {
		if r.Err != nil {
			return fmt.Errorf("%s: %w", r.Script.Name, r.Err)
		}
	}
	return nil
}
