package attack

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	s, err := Parse("family/name", `// attack: nasty: very
// expect: error TypeError /^a|b$/
// expect: value a b
// after: memory
// limits: memory=16MiB stack=64KiB timeout=1s fuel=9
// run: module jobs
import 'a';
// an ordinary comment
// module: a
1;
// module: b*
2;
`)
	require.NoError(t, err)
	assert.Equal(t, "family", s.Family())
	assert.Equal(t, "nasty: very", s.Attack)
	assert.Equal(t, "import 'a';\n// an ordinary comment", s.Code)
	assert.Equal(t, map[string]string{"a": "1;", "b*": "2;\n"}, s.Modules)
	assert.Equal(t, []string{"module", "jobs"}, s.Steps)
	assert.Equal(t, Limits{Memory: 16 << 20, Stack: 64 << 10, Timeout: time.Second, Fuel: 9}, s.Limits)
	assert.Equal(t, "[error TypeError /^a|b$/ value a b]", fmt.Sprint(s.Expect))
	assert.Equal(t, "memory", s.After.String())
	assert.False(t, s.Endless())

	s, err = Parse("f/n", "// attack: a\n// expect: interrupted\n;")
	require.NoError(t, err)
	assert.Equal(t, Limits{Memory: DefaultMemory, Timeout: DefaultTimeout}, s.Limits)
	assert.True(t, s.Endless())
	assert.Nil(t, s.After)
}

func TestParseErrors(t *testing.T) {
	const head = "// attack: a\n// expect: memory\n"
	for text, want := range map[string]string{
		"1":                                        "f/n: no attack directive",
		"// attack: a\n1":                          "f/n: no expect directive",
		head:                                       "f/n: no code",
		"// attack:\n1":                            `f/n:1: "attack:" has no value`,
		"// attack: a\n// expcet: memory\n":        `f/n:2: unknown directive "expcet"`,
		"// just a comment\n1":                     `f/n:1: "just a comment" has no value`,
		"// expect: exploded\n":                    `f/n:1: unknown outcome "exploded"`,
		"// expect: memory | stack\n":              `f/n:1: nothing can follow "memory"`,
		"// expect: error\n":                       "f/n:1: an error has a name",
		"// expect: error TypeError gone\n":        "f/n:1: gone is no /regexp/",
		"// expect: error TypeError /(/\n":         "f/n:1: error parsing regexp",
		"// after: fine\n":                         `f/n:1: unknown outcome "fine"`,
		"// run: eval dance\n":                     `f/n:1: unknown step "dance"`,
		"// limits: memory=64MB\n":                 `f/n:1: limit "memory=64MB": a size is a number of KiB or MiB`,
		"// limits: memory=xMiB\n":                 `f/n:1: limit "memory=xMiB"`,
		"// limits: timeout=5\n":                   `f/n:1: limit "timeout=5"`,
		"// limits: fuel=-1\n":                     `f/n:1: limit "fuel=-1"`,
		"// limits: speed=1\n":                     `f/n:1: limit "speed=1": unknown limit`,
		head + "// module: a\nexport default 1;\n": "f/n: no code",
	} {
		_, err := Parse("f/n", text)
		assert.ErrorContains(t, err, want, text)
	}
}

func TestLoaderNumbers(t *testing.T) {
	l := loader{"m*": "$N then $M", "m3": "three"}
	for name, want := range map[string]string{"m7": "7 then 8", "m3": "three", "m99": "99 then 100"} {
		s, err := l.Load(t.Context(), name)
		require.NoError(t, err, name)
		assert.Equal(t, want, s.Code)
	}
	for _, name := range []string{"m", "n7", "7", ""} {
		_, err := l.Load(t.Context(), name)
		assert.Error(t, err, name)
	}
}
