package main

import (
	"fmt"
	"strings"
)

// A row is a shape with a report of each library.
type row struct {
	shape shape
	cells []report
}

// bytes is what a cycle costs after it was dropped, in both heaps.
func (r report) bytes() int64 {
	n := r.GoHeap
	if r.JSKnown && !r.JSInGoHeap {
		n += r.JSHeap
	}
	return n / int64(max(1, r.Cycles))
}

// text is a report in full.
func (r report) text(s shape) string {
	if r.NotOffered {
		return "not offered"
	}
	if r.Kept < 0 {
		return fmt.Sprintf("no result: ended after about %s cycles: %s", thousands(r.Cycles), r.Stopped)
	}
	n := int64(max(1, r.Cycles))
	what := "closures"
	if s.host {
		what = "structs"
	}
	text := fmt.Sprintf("keeps %s of %s %s; per cycle: Go heap %s B", thousands(r.Kept), thousands(r.Closures), what,
		thousands(int(r.GoHeap/n)))
	if r.JSKnown {
		text += fmt.Sprintf(", JS heap %s B", thousands(int(r.JSHeap/n)))
		if r.JSInGoHeap {
			text += " of it"
		}
	}
	if r.RSS != 0 {
		text += fmt.Sprintf(", resident %s B", thousands(int(r.RSS/n)))
	}
	if r.Stopped != "" {
		text += fmt.Sprintf("; stopped after %s cycles: %s", thousands(r.Cycles), r.Stopped)
	}
	return text
}

// cell is a report in a table, with its footnote.
func (r report) cell(s shape) (text, note string) {
	switch {
	case r.NotOffered:
		return "not offered", ""
	case r.Kept < 0:
		return "no result", r.text(s)
	case r.Stopped != "":
		note = fmt.Sprintf("stopped after %s cycles: %s", thousands(r.Cycles), r.Stopped)
	}
	kept := thousands(r.Kept)
	switch {
	case r.Kept == 0:
		kept = "none"
	case r.Kept == r.Closures:
		kept = "all"
	}
	return fmt.Sprintf("%s of %s, %s B", kept, thousands(r.Closures), thousands(int(r.bytes()))), note
}

func printTable(columns []string, rows []row) {
	fmt.Printf("\n| kept after collection, bytes per cycle | %s |\n", strings.Join(columns, " | "))
	fmt.Printf("| --- |%s\n", strings.Repeat(" --- |", len(columns)))
	var notes []string
	for _, r := range rows {
		line := "| " + r.shape.Title + " |"
		for _, c := range r.cells {
			text, note := c.cell(r.shape)
			if note != "" {
				notes = append(notes, note)
				text += fmt.Sprintf(" (%d)", len(notes))
			}
			line += " " + text + " |"
		}
		fmt.Println(line)
	}
	for i, note := range notes {
		fmt.Printf("\n(%d) %s\n", i+1, note)
	}
}

// thousands formats a number with commas.
func thousands(n int) string {
	if n < 0 {
		return "-" + thousands(-n)
	}
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
