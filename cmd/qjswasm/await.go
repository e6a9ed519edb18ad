package main

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/qjswasm/qjswasm"
)

var awaitWord = regexp.MustCompile(`\bawait\b`)

// maxSplits bounds the search for the last statement.
const maxSplits = 64

// evalInput evaluates what a person typed: a script in which await may be used
// at the top level. The engine has that for modules only, which have no
// completion value and share no variables, so such code is put in an async
// function. The variables it declares become globals when it is done.
func (s *session) evalInput(ctx context.Context, src qjswasm.Source) (*qjswasm.Value, error) {
	s.sources[src.Name] = src.Code
	if !s.awaits(ctx, src.Name, src.Code) {
		return s.eval(ctx, src)
	}
	wrapped, ok := s.wrapAwait(ctx, src)
	if !ok {
		if err := s.parse(ctx, src.Name, src.Code); err != nil {
			return nil, err
		}
		return s.eval(ctx, src)
	}
	s.rejected = nil
	promise, err := s.rt.EvalSource(ctx, qjswasm.Source{Name: src.Name, Code: wrapped})
	if err != nil {
		return nil, err
	}
	result, err := s.rt.Await(ctx, promise)
	if err != nil {
		return nil, s.first(err)
	}
	if err := s.publish(result); err != nil {
		return nil, err
	}
	if err := s.drain(ctx); err != nil {
		return nil, err
	}
	return result.Get("value")
}

// awaits tells whether code uses await outside of any function. To a script,
// await is a name, and "await (x)" a call; in a function of a module that is not
// asynchronous it is always an error.
func (s *session) awaits(ctx context.Context, name, code string) bool {
	if !awaitWord.MatchString(code) {
		return false
	}
	_, err := s.rt.Compile(ctx, qjswasm.Source{Name: name, Code: "function f(){" + code + "\n}", Module: true})
	return err != nil
}

// wrapAwait puts code in an async function that resolves to an object with the
// value of the last statement, if that is an expression, and the variables that
// were declared. All on the same lines, so that stack traces are right.
func (s *session) wrapAwait(ctx context.Context, src qjswasm.Source) (string, bool) {
	body := strings.TrimRight(src.Code, " \t\r\n;")
	names := "names:{" + captures(declaredNames(body)) + "}"
	wrap := func(head, last string) string {
		return "(async()=>{" + head + "return{value:(" + last + "\n)," + names + "}})()"
	}
	if code := wrap("", body); s.compiles(ctx, src.Name, code) {
		return code, true
	}
	rest := body
	for range maxSplits {
		i := strings.LastIndexAny(rest, ";\n")
		if i < 0 {
			break
		}
		rest = body[:i]
		// Parentheses around the last statement do not balance if the split was
		// inside of a string or a block, and then this does not compile.
		if code := wrap(body[:i+1], body[i+1:]); s.compiles(ctx, src.Name, code) {
			return code, true
		}
	}
	code := wrap(body+"\n;", "void 0")
	return code, s.compiles(ctx, src.Name, code)
}

// captures makes the properties for declared names, leaving out what turns out
// to have been declared in an inner scope.
func captures(names []string) string {
	var b strings.Builder
	for _, name := range names {
		b.WriteString(`...(typeof ` + name + `=="undefined"?{}:{` + name + `}),`)
	}
	return b.String()
}

// publish makes globals of the variables of a wrapped input.
func (s *session) publish(result *qjswasm.Value) error {
	names, err := result.Get("names")
	if err != nil {
		return err
	}
	keys, err := names.Keys()
	if err != nil {
		return err
	}
	for _, key := range keys {
		v, err := names.Get(key)
		if err != nil {
			return err
		}
		if err := s.rt.Set(key, v); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) compiles(ctx context.Context, name, code string) bool {
	_, err := s.rt.Compile(ctx, qjswasm.Source{Name: name, Code: code})
	return err == nil
}

// parse returns the syntax error of an input, if it has one. Where await is used
// and no script has it there, that is the error that a module has.
func (s *session) parse(ctx context.Context, name, code string) error {
	_, err := s.rt.Compile(ctx, qjswasm.Source{Name: name, Code: code})
	if err != nil && awaitWord.MatchString(code) {
		_, err = s.rt.Compile(ctx, qjswasm.Source{Name: name, Code: code, Module: true})
	}
	return err
}

// incomplete tells whether an input may become valid with more lines: it ends
// within a bracket, a comment, a template or before an operand.
func (s *session) incomplete(ctx context.Context, code string) bool {
	one, ok := s.syntaxError(ctx, code+"\n")
	if !ok {
		return false
	}
	if strings.HasPrefix(one.Message, "unexpected end of comment") {
		return true
	}
	if strings.HasPrefix(one.Message, "unexpected end of string") {
		if continued(code) {
			return true
		}
		// What a backtick ends is a template; quotes stay open.
		quoted, ok := s.syntaxError(ctx, code+"\n`")
		return !ok || quoted.Message != one.Message || quoted.Frames[0] != one.Frames[0]
	}
	// An error at the end of the input moves with the end.
	two, ok := s.syntaxError(ctx, code+"\n\n")
	return ok && two.Frames[0].Line > one.Frames[0].Line
}

func (s *session) syntaxError(ctx context.Context, code string) (*qjswasm.Error, bool) {
	var e *qjswasm.Error
	if !errors.As(s.parse(ctx, "<input>", code), &e) || e.Name != "SyntaxError" || len(e.Frames) == 0 {
		return nil, false
	}
	return e, true
}

// continued tells whether the last line ends in a backslash.
func continued(code string) bool {
	return (len(code)-len(strings.TrimRight(code, `\`)))%2 == 1
}
