package qjswasm_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// pr96 runs the behaviours that the test suite of PetterS/quickjs at PR #96 pins,
// each under the name of the original test. docs/deviations.md says where ours
// differ on purpose.
type pr96 struct {
	t   *testing.T
	ran []string
}

// run runs a behaviour in a runtime of its own.
func (p *pr96) run(name string, f func(t *testing.T, rt *qjswasm.Runtime)) {
	p.t.Helper()
	p.t.Run(name, func(t *testing.T) {
		p.ran = append(p.ran, name)
		f(t, newRuntime96(t, nil))
	})
}

func newRuntime96(t *testing.T, o *qjswasm.Options) *qjswasm.Runtime {
	t.Helper()
	rt, err := qjswasm.New(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, rt.Close()) })
	return rt
}

// eval evaluates a script and exports its completion value.
func eval96(t *testing.T, rt *qjswasm.Runtime, code string) any {
	t.Helper()
	x, err := qjswasm.Eval[any](t.Context(), rt, code)
	require.NoError(t, err, code)
	return x
}

// value evaluates a script for its completion value itself.
func value96(t *testing.T, rt *qjswasm.Runtime, code string) *qjswasm.Value {
	t.Helper()
	v, err := rt.Eval(t.Context(), code)
	require.NoError(t, err, code)
	return v
}

// call calls a function and exports its result.
func call96(t *testing.T, f *qjswasm.Value, args ...any) any {
	t.Helper()
	v, err := f.Call(t.Context(), nil, args...)
	require.NoError(t, err)
	defer v.Close()
	x, err := v.Export()
	require.NoError(t, err)
	return x
}

// get returns a global.
func get96(t *testing.T, rt *qjswasm.Runtime, name string) *qjswasm.Value {
	t.Helper()
	v, err := rt.Get(name)
	require.NoError(t, err)
	return v
}

// function is the original's Function: a script, and a global that it defines.
func function96(t *testing.T, rt *qjswasm.Runtime, name, code string) *qjswasm.Value {
	t.Helper()
	value96(t, rt, code)
	f := get96(t, rt, name)
	require.True(t, f.IsFunction())
	return f
}

// jsError is the exception in err.
func jsError96(t *testing.T, err error) *qjswasm.Error {
	t.Helper()
	var js *qjswasm.Error
	require.ErrorAs(t, err, &js)
	return js
}

const (
	push96 = `(function () {
	let arr = [];
	for (let i = 0; i < 100000; ++i) arr.push(i);
	return arr;
})`
	sum96 = `function sum(data) { return data.reduce((a, b) => a + b, 0); }`
)

func TestPR96(t *testing.T) {
	t.Parallel()
	p := &pr96{t: t}
	p.loadModule()
	p.context()
	p.contextLimits()
	p.callIntoGo()
	p.callIntoGoErrors()
	p.callIntoGoAgain()
	p.object()
	p.objectErrors()
	p.function()
	p.functionLimits()
	p.javascriptFeatures()
	p.threads()
	p.contextInClass()

	t.Run("all of them ran", func(t *testing.T) {
		assert.Len(t, p.ran, 72)
		assert.Equal(t, strings.Fields(names96), p.ran)
	})
}

// names96 are the names of the original tests, in their order.
const names96 = `
LoadModule/test_42

Context/test_eval_int
Context/test_eval_float
Context/test_eval_str
Context/test_eval_bool
Context/test_eval_null
Context/test_eval_undefined
Context/test_wrong_type
Context/test_context_between_calls
Context/test_function
Context/test_get
Context/test_set
Context/test_module
Context/test_error
Context/test_lifetime
Context/test_backtrace
Context/test_memory_limit
Context/test_time_limit
Context/test_memory_usage
Context/test_json_simple
Context/test_json_error
Context/test_execute_pending_job
Context/test_global

CallIntoPython/test_make_function
CallIntoPython/test_make_two_functions
CallIntoPython/test_make_function_call_from_js
CallIntoPython/test_python_function_raises
CallIntoPython/test_python_function_not_callable
CallIntoPython/test_python_function_no_slots
CallIntoPython/test_function_after_context_del
CallIntoPython/test_python_function_unwritable
CallIntoPython/test_python_function_is_function
CallIntoPython/test_make_function_two_args
CallIntoPython/test_make_function_two_string_args
CallIntoPython/test_can_eval_in_same_context
CallIntoPython/test_can_call_in_same_context
CallIntoPython/test_delete_function_from_inside_js
CallIntoPython/test_invalid_argument
CallIntoPython/test_time_limit_disallowed
CallIntoPython/test_conversion_failure_does_not_raise_system_error

Object/test_function_is_object
Object/test_function_call_int
Object/test_function_call_int_two_args
Object/test_function_call_many_times
Object/test_function_call_str
Object/test_function_call_str_three_args
Object/test_function_call_object
Object/test_function_call_unsupported_arg
Object/test_json
Object/test_call_nonfunction
Object/test_wrong_context

FunctionTest/test_adder
FunctionTest/test_identity
FunctionTest/test_bool
FunctionTest/test_empty
FunctionTest/test_lists
FunctionTest/test_dict
FunctionTest/test_time_limit
FunctionTest/test_garbage_collection
FunctionTest/test_deep_recursion
FunctionTest/test_add_callable
FunctionTest/test_execute_pending_job
FunctionTest/test_global

JavascriptFeatures/test_unicode_strings
JavascriptFeatures/test_es2020_optional_chaining
JavascriptFeatures/test_es2020_null_coalescing
JavascriptFeatures/test_symbol_conversion
JavascriptFeatures/test_large_python_integers_to_quickjs
JavascriptFeatures/test_bigint

Threads/test_concurrent
Threads/test_concurrent_own_executor

QuickJSContextInClass/test_github_issue_7
`
