package main

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// token is what matters for finding declarations: comments and strings, to
	// be skipped, words, brackets and separators. Regular expressions are not
	// told from divisions; a quote in one hides what follows.
	token = regexp.MustCompile(`//[^\n]*|(?s:/\*.*?\*/)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|` +
		"(?s:`(?:[^`\\\\]|\\\\.)*`)" + `|[\p{L}\p{Nl}_$][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}_$]*|[][(){},;]`)
	// bound are the names in a destructuring pattern: those before a default, a
	// comma or the end, not the property keys before a colon.
	bound = regexp.MustCompile(`([\p{L}_$][\p{L}\p{Nd}_$]*)\s*(?:=[^,}\]]*)?[,}\]]`)
)

// declaredNames returns the variables, functions and classes that code declares
// at its top level. It does not parse: it may name too many.
func declaredNames(code string) []string {
	var names []string
	add := func(name string) {
		if !reserved[name] && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	depth, list, next := 0, false, false // in a list of variables; a name comes next
	for _, at := range token.FindAllStringIndex(code, -1) {
		word := code[at[0]:at[1]]
		if depth == 0 && next && (word == "{" || word == "[") {
			for _, m := range bound.FindAllStringSubmatch(pattern(code[at[0]:]), -1) {
				add(m[1])
			}
		}
		switch word {
		case "{", "[", "(":
			depth++
			next = false
		case "}", "]", ")":
			depth--
		case ";":
			list = list && depth > 0
		case ",":
			next = list && depth == 0
		case "const", "let", "var":
			list, next = depth == 0, depth == 0
		case "class", "function":
			list, next = false, depth == 0
		default:
			if next && isName(word) {
				add(word)
			}
			next = false
		}
	}
	return names
}

// pattern returns the destructuring pattern at the start of code.
func pattern(code string) string {
	depth := 0
	for i, r := range code {
		switch r {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return code[:i+1]
			}
		}
	}
	return code
}

var identifier = regexp.MustCompile(`^[\p{L}\p{Nl}_$][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}_$]*$`)

// isName tells whether a word can be written after a dot.
func isName(word string) bool { return identifier.MatchString(word) }

var keywords = strings.Fields(`async await break case catch class const continue debugger default delete do else
	export extends false finally for function if import in instanceof let new null of return static super switch
	this throw true try typeof var void while with yield`)

// reserved are the words that cannot be variables.
var reserved = func() map[string]bool {
	m := map[string]bool{}
	for _, word := range keywords {
		m[word] = word != "async" && word != "of"
	}
	return m
}()
