package qjswasm_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The README's first Go snippet is the package's Example, so it compiles and
// prints what it says.
func TestReadmeSnippetIsTheExample(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	source, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	body := regexp.MustCompile(`(?s)func Example\(\) \{\n(.*?)\t// Output: (.*?)\n\}`).FindSubmatch(source)
	require.NotNil(t, body)
	code := strings.ReplaceAll("\n"+string(body[1]), "\n\t", "\n")
	snippet := regexp.MustCompile("(?s)```go\n(.*?)```").FindSubmatch(readme)
	require.NotNil(t, snippet)
	assert.Equal(t, strings.TrimSpace(code)+" // "+string(body[2]), strings.TrimSpace(string(snippet[1])))
}
