package host

// Export names a function that the guest exports.
type Export uint8

// The guest's functions that packages above this one call; wasm/src documents
// them where they are defined.
const (
	BufferNew Export = iota
	BufferView
	Eval
	FunctionCall
	IterationClose
	IterationNew
	IterationNext
	IterationResult
	JobRun
	ModuleImport
	PromiseNew
	PromiseResult
	Property
	RejectionTake
	RuntimeFreeze
	ValueExport
	ValueNew

	exportInitialize
	exportRuntimeInit
	exportRuntimeConfigure
	exportRuntimeGC
	exportRuntimeBytes
	exportRuntimeObjects
	exportIO
	exportBlockNew
	exportInReserve
	exportRootDescribe
	exportRootRelease
	exportTakeDead
	exportListCallables
	exportSegmentRun
	exportAbortSettle
	exportLiveType
	exportSummarize
	exportCount
)

var exportNames = [exportCount]string{
	BufferNew:              "qjs_buffer_new",
	BufferView:             "qjs_buffer_view",
	Eval:                   "qjs_eval",
	FunctionCall:           "qjs_function_call",
	IterationClose:         "qjs_iteration_close",
	IterationNew:           "qjs_iteration_new",
	IterationNext:          "qjs_iteration_next",
	IterationResult:        "qjs_iteration_result",
	JobRun:                 "qjs_job_run",
	ModuleImport:           "qjs_module_import",
	PromiseNew:             "qjs_promise_new",
	PromiseResult:          "qjs_promise_result",
	Property:               "qjs_property",
	RejectionTake:          "qjs_rejection_take",
	RuntimeFreeze:          "qjs_runtime_freeze",
	ValueExport:            "qjs_value_export",
	ValueNew:               "qjs_value_new",
	exportInitialize:       "_initialize",
	exportRuntimeInit:      "qjs_runtime_init",
	exportRuntimeConfigure: "qjs_runtime_configure",
	exportRuntimeGC:        "qjs_runtime_gc",
	exportRuntimeBytes:     "qjs_runtime_bytes",
	exportRuntimeObjects:   "qjs_runtime_objects",
	exportIO:               "qjs_io",
	exportBlockNew:         "qjs_block_new",
	exportInReserve:        "qjs_in_reserve",
	exportRootDescribe:     "qjs_root_describe",
	exportRootRelease:      "qjs_root_release",
	exportTakeDead:         "qjs_callable_take_dead",
	exportListCallables:    "qjs_callable_list",
	exportSegmentRun:       "qjs_segment_run",
	exportAbortSettle:      "qjs_abort_settle",
	exportLiveType:         "qjs_live_type",
	exportSummarize:        "qjs_summarize",
}

// globalTicks is the guest's count of ticks.
const globalTicks = "qjs_ticks"
