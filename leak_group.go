package qjswasm

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Groups returns the leaks in groups of one kind that were made in one place, the
// largest first: many that come from one line are what to look at. None is empty.
// The caller owns the result.
func (l Leaks) Groups() []Leaks {
	var groups []Leaks
	known := map[string]int{}
	var key []byte
	for i := range l {
		key = l[i].appendPlace(key[:0])
		n, ok := known[string(key)]
		if !ok {
			n = len(groups)
			known[string(key)] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], l[i])
	}
	slices.SortStableFunc(groups, func(a, b Leaks) int { return cmp.Compare(len(b), len(a)) })
	return groups
}

// appendPlace appends what leaks of one group have in common.
func (l *Leak) appendPlace(b []byte) []byte {
	flags := byte(0)
	if l.Callable {
		flags |= 1
	}
	b = append(b, byte(l.Kind), flags)
	b = append(b, l.Owner...)
	b = append(b, l.By...)
	for i := range l.Stack {
		b = binary.LittleEndian.AppendUint64(b, uint64(l.Stack[i].PC))
	}
	return b
}

// String returns a paragraph for each of the Groups: how many there are of what,
// and where they were made, as goroutine dumps print stacks.
func (l Leaks) String() string { return describe(l.Groups()) }

// String returns what Leaks.String does of l alone.
func (l Leak) String() string { return Leaks{l}.String() }

func describe(groups []Leaks) string {
	var b strings.Builder
	for i, g := range groups {
		if i > 0 {
			b.WriteString("\n\n")
		}
		g.describe(&b)
	}
	return b.String()
}

// describe writes a group.
func (l Leaks) describe(b *strings.Builder) {
	first := &l[0]
	b.WriteString(first.noun(len(l)))
	b.WriteString(l.names())
	demoted := 0
	for i := range l {
		if l[i].Demoted {
			demoted++
		}
	}
	switch demoted {
	case 0:
	case len(l):
		b.WriteString(", held by Values alone")
	default:
		fmt.Fprintf(b, ", %d of them held by Values alone", demoted)
	}
	if last := l[len(l)-1].Entry; first.Entry != last {
		fmt.Fprintf(b, ", made in entries %d to %d", first.Entry, last)
	} else if last != 0 {
		fmt.Fprintf(b, ", made in entry %d", last)
	}
	if first.By != "" {
		b.WriteString(" by " + first.By)
	}
	if len(first.Stack) > 0 {
		b.WriteByte(':')
	}
	for i := range first.Stack {
		f := &first.Stack[i]
		fmt.Fprintf(b, "\n%s\n\t%s:%d", f.Function, f.File, f.Line)
	}
}

// noun is what n leaks like l are.
func (l *Leak) noun(n int) string {
	switch {
	case !l.Callable && l.Owner != "":
		return plural(n, "Value") + " (" + l.Kind.String() + ", owned by " + l.Owner + ")"
	case !l.Callable:
		return plural(n, "Value") + " (" + l.Kind.String() + ")"
	case l.Kind == KindLive:
		return plural(n, "live object")
	case l.Kind == KindError:
		return plural(n, "Go error")
	}
	return plural(n, "Go function")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// maxLeakNames is how many names of a group are listed.
const maxLeakNames = 4

// names lists the names that there are, each once, in quotes: scripts choose some.
func (l Leaks) names() string {
	text := ""
	var seen []string
	for i := range l {
		name := l[i].Name
		if name == "" || slices.Contains(seen, name) {
			continue
		}
		if len(seen) == maxLeakNames {
			return text + ", …"
		}
		if len(seen) > 0 {
			text += ","
		}
		text += " " + strconv.Quote(name)
		seen = append(seen, name)
	}
	return text
}
