package abi

import (
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goName is how abi.go spells a QJS_ constant.
func goName(c string) string {
	initialisms := map[string]string{"ID": "ID", "IO": "IO", "OK": "OK", "JSON": "JSON", "UTF8": "UTF8", "UTF16": "UTF16"}
	var b strings.Builder
	for word := range strings.SplitSeq(strings.TrimPrefix(c, "QJS_"), "_") {
		if s, ok := initialisms[word]; ok {
			b.WriteString(s)
		} else {
			b.WriteString(word[:1] + strings.ToLower(word[1:]))
		}
	}
	return b.String()
}

func TestMirrorsHeader(t *testing.T) {
	header, err := os.ReadFile("../../wasm/src/abi.h")
	require.NoError(t, err)
	want := map[string]int64{}
	for _, m := range regexp.MustCompile(`(?m)^#define (QJS_\w+) (\S+)`).FindAllStringSubmatch(string(header), -1) {
		v, err := strconv.ParseInt(m[2], 0, 64)
		require.NoError(t, err, m[0])
		want[goName(m[1])] = v
	}
	require.Greater(t, len(want), 100, "the header was not understood")

	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "abi.go", nil, 0)
	require.NoError(t, err)
	pkg, err := (&types.Config{Importer: importer.Default()}).Check("abi", fset, []*ast.File{file}, nil)
	require.NoError(t, err)
	got := map[string]int64{}
	for _, name := range pkg.Scope().Names() {
		v, exact := constant.Int64Val(pkg.Scope().Lookup(name).(*types.Const).Val())
		require.True(t, exact, name)
		got[name] = v
	}
	assert.Equal(t, want, got)
}

func TestBox(t *testing.T) {
	for _, f := range []float64{0, math.Copysign(0, -1), 1, -1, 0.1, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.Pi} {
		c := BoxFloat(f)
		assert.True(t, IsFloat(c), "%v", f)
		assert.Equal(t, math.Float64bits(f), math.Float64bits(Float(c)), "%v", f)
	}
	for _, payload := range []uint64{0x7ff8000000000000, 0x7ff8000000000001, 0xffffffffffffffff, 0x7ff0000000000001} {
		c := BoxFloat(math.Float64frombits(payload))
		assert.True(t, IsFloat(c))
		assert.True(t, math.IsNaN(Float(c)))
		assert.Equal(t, BoxFloat(math.NaN()), c, "one NaN only")
	}
	for f, integral := range map[float64]bool{0: true, -1: true, math.MaxInt32: true, math.MinInt32: true, math.MaxInt32 + 1: false, 0.5: false, 1e300: false, math.Inf(-1): false} {
		c := BoxNumber(f)
		assert.Equal(t, !integral, IsFloat(c), "%v", f)
		if integral {
			assert.Equal(t, f, float64(int32(Low(c))))
		}
	}
	assert.True(t, IsFloat(BoxNumber(math.Copysign(0, -1))))
	assert.True(t, IsFloat(BoxNumber(math.NaN())))
	for tag := int32(TagBigInt); tag <= TagShortBigInt; tag++ {
		assert.False(t, IsFloat(MakeCell(tag, 12)), "%d", tag)
		assert.Equal(t, tag, Tag(MakeCell(tag, 12)))
		assert.Equal(t, uint32(12), Low(MakeCell(tag, 12)))
	}
	assert.Equal(t, MakeCell(TagInt, math.MaxUint32), BoxInt(-1))
	assert.Equal(t, True, BoxBool(true))
	assert.Equal(t, False, BoxBool(false))
}
