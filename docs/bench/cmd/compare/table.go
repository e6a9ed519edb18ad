package main

import (
	"fmt"
	"slices"
	"strings"
)

// The table is printed row by row: a run takes minutes.
func printHeader(peers []*peer) {
	header, rule := "| |", "| --- |"
	for i, p := range peers {
		header += " " + p.name + " |"
		rule += " --- |"
		if i > 0 {
			header += " ratio |"
			rule += " --- |"
		}
	}
	fmt.Printf("%s\n%s\n", header, rule)
}

func printRow(title string, cells []*cell) {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |", title)
	for i, c := range cells {
		b.WriteString(" " + c.time())
		if i > 0 {
			b.WriteString(" | " + ratio(c, cells[0]))
		}
		b.WriteString(" |")
	}
	fmt.Println(b.String())
}

func (c *cell) value() float64 {
	slices.Sort(c.times)
	if *minimum {
		return c.times[0]
	}
	return c.times[len(c.times)/2]
}

func (c *cell) time() string {
	if c == nil {
		return "–"
	}
	switch ns := c.value(); {
	case ns < 1e3:
		return fmt.Sprintf("%.0f ns", ns)
	case ns < 1e6:
		return fmt.Sprintf("%.3g µs", ns/1e3)
	case ns < 1e9:
		return fmt.Sprintf("%.3g ms", ns/1e6)
	default:
		return fmt.Sprintf("%.3g s", ns/1e9)
	}
}

func ratio(c, first *cell) string {
	if c == nil || first == nil {
		return "–"
	}
	return fmt.Sprintf("%.2f", c.value()/first.value())
}
