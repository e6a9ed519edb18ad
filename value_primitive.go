package qjswasm

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Float64 returns v as ECMAScript's ToNumber gives it: undefined is NaN, null 0,
// true 1, a string its numeric value. A BigInt is rounded. Objects and symbols
// give NaN.
func (v *Value) Float64() float64 {
	switch v.kind {
	case KindNull:
		return 0
	case KindBool, KindNumber:
		return v.num
	case KindString:
		return stringToNumber(v.String())
	case KindBigInt:
		f, _ := new(big.Float).SetInt(v.big).Float64()
		return f
	}
	return math.NaN()
}

// Int64 returns Float64 with the fraction cut off: 0 for NaN, the nearest int64
// for what is out of range. A BigInt keeps its lowest 64 bits, as BigInt.asIntN
// does.
func (v *Value) Int64() int64 {
	if v.kind == KindBigInt {
		if v.big.IsInt64() {
			return v.big.Int64()
		}
		low := new(big.Int).And(v.big, new(big.Int).SetUint64(math.MaxUint64))
		return int64(low.Uint64())
	}
	f := v.Float64()
	switch {
	case f != f:
		return 0
	case f >= 1<<63:
		return math.MaxInt64
	case f < -1<<63:
		return math.MinInt64
	}
	return int64(f)
}

// Bool returns v as ECMAScript's ToBoolean gives it: false for undefined, null,
// false, 0, NaN, "" and 0n, true for everything else.
func (v *Value) Bool() bool {
	switch v.kind {
	case KindUndefined, KindNull:
		return false
	case KindBool, KindNumber:
		return v.num != 0 && v.num == v.num
	case KindString:
		return v.text.S != ""
	case KindBigInt:
		return v.big.Sign() != 0
	}
	return true
}

// BigInt returns the value of a BigInt or of an integral number, and nil for
// everything else. The caller owns the result.
func (v *Value) BigInt() *big.Int {
	switch {
	case v.kind == KindBigInt:
		return new(big.Int).Set(v.big)
	case v.kind == KindNumber && v.num == math.Trunc(v.num) && !math.IsInf(v.num, 0):
		b, _ := big.NewFloat(v.num).Int(nil)
		return b
	}
	return nil
}

// String returns a primitive as ECMAScript's ToString gives it, with U+FFFD for
// each lone surrogate (UTF16 loses nothing). Objects and symbols give a short
// description such as "[object Array]"; call toString for the script's own view.
func (v *Value) String() string {
	switch v.kind {
	case KindUndefined, KindNull:
		return v.kind.String()
	case KindBool:
		return strconv.FormatBool(v.num != 0)
	case KindNumber:
		return numberToString(v.num)
	case KindString:
		return v.text.String()
	case KindBigInt:
		return v.big.String()
	case KindSymbol:
		return "[symbol]"
	}
	return "[object " + v.kind.String() + "]"
}

// UTF16 returns the code units of a string, lone surrogates included, and nil
// for everything else. The caller owns the result.
func (v *Value) UTF16() []uint16 {
	if v.kind != KindString {
		return nil
	}
	return v.text.UTF16()
}

// stringToNumber is StringToNumber.
// https://tc39.es/ecma262/#sec-stringtonumber
func stringToNumber(s string) float64 {
	s = strings.TrimFunc(s, isJSSpace)
	if s == "" {
		return 0
	}
	if len(s) > 2 && s[0] == '0' {
		base := map[byte]int{'x': 16, 'X': 16, 'o': 8, 'O': 8, 'b': 2, 'B': 2}[s[1]]
		if base != 0 {
			b, ok := new(big.Int).SetString(s[2:], base)
			if !ok || strings.ContainsAny(s[2:], "+-_") {
				return math.NaN()
			}
			f, _ := new(big.Float).SetInt(b).Float64()
			return f
		}
	}
	switch s {
	case "Infinity", "+Infinity":
		return math.Inf(1)
	case "-Infinity":
		return math.Inf(-1)
	}
	// ParseFloat also knows hexadecimal, inf, nan and underscores.
	if strings.Trim(s, "0123456789.eE+-") != "" {
		return math.NaN()
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

// isJSSpace tells whether r is WhiteSpace or a LineTerminator.
func isJSSpace(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', ' ', 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff:
		return true
	}
	return r >= 0x2000 && r <= 0x200a
}

// numberToString is Number::toString.
// https://tc39.es/ecma262/#sec-numeric-types-number-tostring
func numberToString(f float64) string {
	switch {
	case f != f:
		return "NaN"
	case f == 0:
		return "0"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	if a := math.Abs(f); a >= 1e21 || a < 1e-6 {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exp, _ := strings.Cut(s, "e")
		return mantissa + "e" + exp[:1] + strings.TrimLeft(exp[1:], "0")
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
