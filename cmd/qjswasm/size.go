package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// size is a flag for a number of bytes.
type size int64

var sizeUnits = []struct {
	suffix string
	bytes  float64
}{
	// Longest first, since "MiB" also ends in "B".
	{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30},
	{"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9},
	{"b", 1}, {"", 1},
}

var errSize = errors.New("must be a number of bytes or have the unit KiB, MiB, GiB, KB, MB or GB, such as 64MiB")

// Set parses "65536", "64KiB", "1.5 MB" and the like, in any case.
func (s *size) Set(text string) error {
	lower := strings.ToLower(strings.TrimSpace(text))
	for _, unit := range sizeUnits {
		number, ok := strings.CutSuffix(lower, unit.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || strings.ContainsAny(number, "xpein") {
			return errSize
		}
		n *= unit.bytes
		if n < 1 || n > math.MaxInt64/2 {
			return fmt.Errorf("%s is out of range", text)
		}
		*s = size(n)
		return nil
	}
	return errSize
}

// String gives the size in the largest binary unit that divides it.
func (s *size) String() string {
	for _, unit := range []struct {
		suffix string
		bytes  size
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if *s >= unit.bytes && *s%unit.bytes == 0 {
			return strconv.FormatInt(int64(*s/unit.bytes), 10) + unit.suffix
		}
	}
	return strconv.FormatInt(int64(*s), 10)
}

// Type names the flag's argument in the help.
func (s *size) Type() string { return "SIZE" }

// readable rounds a number of bytes for people.
func readable(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
