/* Entries: evaluating code, calling functions, and handing values over. */

/* Keep v alive until the next call. own: v  raises: no  runs-js: no */
static void qjs_hold(JSContext *ctx, JSValue v)
{
    JS_FreeValue(ctx, qjs_held_result);
    qjs_held_result = v;
}

/* Hand v over, whole. It ends the limits.
   own: v  raises: no, describes  runs-js: no */
static uint32_t qjs_return_tape(JSContext *ctx, JSValue v, QJSLimits *limits)
{
    int ret = qjs_export(ctx, v, limits);

    dbuf_free(&limits->path);
    if (ret > 0)
        qjs_hold(ctx, v); /* the host reads some of it where it is */
    else
        JS_FreeValue(ctx, v);
    if (ret < 0)
        return qjs_exception_take(ctx);
    qjs_io_block.result = JS_MKVAL(QJS_TAG_TAPE, 0);
    return QJS_STATUS_OK;
}

/* Hand v over in the way the host asked for.
   own: v  raises: no, describes  runs-js: no */
static uint32_t qjs_return(JSContext *ctx, JSValue v, uint32_t mode)
{
    uint32_t generation, index;

    if (unlikely(ctx->rt->aborting)) {
        /* a promise may have swallowed the exception, and v be any value */
        JS_FreeValue(ctx, v);
        return qjs_exception_take(ctx);
    }
    if (unlikely(JS_IsException(v)))
        return qjs_exception_take(ctx);
    if (mode == QJS_MODE_EXPORT && (JS_IsObject(v) || JS_IsSymbol(v))) {
        QJSLimits limits;
        qjs_limits_init(ctx, &limits, 0, 0, 0);
        return qjs_return_tape(ctx, v, &limits);
    }
    switch (JS_VALUE_GET_TAG(v)) {
    case JS_TAG_UNDEFINED:
        return QJS_STATUS_UNDEFINED;
    case JS_TAG_OBJECT:
    case JS_TAG_SYMBOL:
        qjs_io_block.result_aux = (uint64_t)qjs_value_kind(v) << 32;
        index = qjs_root_add(ctx, v, &generation);
        if (index == QJS_ROOT_NONE)
            return qjs_exception_take(ctx);
        qjs_io_block.result = JS_MKVAL(QJS_TAG_ROOT, index);
        qjs_io_block.result_aux |= generation;
        return QJS_STATUS_OK;
    case JS_TAG_STRING_ROPE: {
        JSValue flat = js_linearize_string_rope(ctx, v);
        JS_FreeValue(ctx, v);
        if (JS_IsException(flat))
            return qjs_exception_take(ctx);
        v = flat;
    }
    /* fall through */
    case JS_TAG_STRING:
    case JS_TAG_BIG_INT:
        /* the host copies it before it calls again */
        qjs_hold(ctx, v);
        break;
    }
    qjs_io_block.result = v;
    return QJS_STATUS_OK;
}

/* The cells of the in buffer: n values, read into a vector that
   qjs_cells_free gives back. own: ret  raises: yes  runs-js: no */
static JSValue *qjs_cells_read(JSContext *ctx, uint32_t n, JSValue *small, uint32_t n_small)
{
    JSValue *v = small;
    uint32_t i;

    if (n > qjs_io_block.in_cap / sizeof(JSValue)) {
        JS_ThrowInternalError(ctx, "malformed request");
        return NULL;
    }
    if (n > n_small) {
        v = js_malloc(ctx, n * sizeof(*v));
        if (!v)
            return NULL;
    }
    qjs_quiet_begin();
    for (i = 0; i < n; i++) {
        v[i] = qjs_cell_read(ctx, ((const JSValue *)(uintptr_t)qjs_io_block.in_ptr)[i]);
        if (unlikely(JS_IsException(v[i]))) {
            while (i-- > 0)
                JS_FreeValue(ctx, v[i]);
            if (v != small)
                js_free(ctx, v);
            v = NULL;
            break;
        }
    }
    qjs_quiet_end();
    qjs_in_done();
    return v;
}

static void qjs_cells_free(JSContext *ctx, uint32_t n, JSValue *v, JSValue *small)
{
    uint32_t i;
    for (i = 0; i < n; i++)
        JS_FreeValue(ctx, v[i]);
    if (v != small)
        js_free(ctx, v);
}

#define QJS_SMALL_CELLS 8

/* Call the function in root {index, generation}: cells are this and argc
   arguments. With QJS_CALL_NEW in mode it is constructed and the first cell is
   ignored. own: none  raises: no, describes  runs-js: yes */
QJS_EXPORT("qjs_function_call") uint32_t qjs_function_call(uint32_t index, uint32_t generation, uint32_t argc, uint32_t mode)
{
    JSContext *ctx = qjs_enter();
    JSValue small[QJS_SMALL_CELLS], *cells, func, ret;

    /* The host may release the root while the function runs. */
    func = js_dup(qjs_root_get(ctx, index, generation));
    if (JS_IsException(func))
        return qjs_exception_take(ctx);
    cells = qjs_cells_read(ctx, argc + 1, small, QJS_SMALL_CELLS);
    if (!cells) {
        JS_FreeValue(ctx, func);
        return qjs_exception_take(ctx);
    }
    if (mode & QJS_CALL_NEW)
        ret = JS_CallConstructor(ctx, func, argc, vc(cells + 1));
    else
        ret = JS_Call(ctx, func, cells[0], argc, vc(cells + 1));
    qjs_cells_free(ctx, argc + 1, cells, small);
    JS_FreeValue(ctx, func);
    return qjs_return(ctx, ret, mode & ~QJS_CALL_NEW);
}

/* Make a value: the one cell. own: none  raises: no, describes  runs-js: no */
QJS_EXPORT("qjs_value_new") uint32_t qjs_value_new(void)
{
    JSContext *ctx = qjs_enter();
    JSValue *cells, small[1];

    cells = qjs_cells_read(ctx, 1, small, 1);
    if (!cells)
        return qjs_exception_take(ctx);
    return qjs_return(ctx, cells[0], QJS_MODE_VALUE);
}

/* Export the one cell, whole: up to the limits, of which 0 is none, and after
   running the code that flags name. own: none  raises: no, describes
   runs-js: if flags is not 0 */
QJS_EXPORT("qjs_value_export") uint32_t qjs_value_export(uint32_t flags, uint32_t max_depth, uint32_t max_nodes, uint32_t max_bytes)
{
    JSContext *ctx = qjs_enter();
    JSValue *cells, small[1], v;
    QJSLimits limits;

    cells = qjs_cells_read(ctx, 1, small, 1);
    if (!cells)
        return qjs_exception_take(ctx);
    v = cells[0];
    qjs_limits_init(ctx, &limits, max_depth, max_nodes, max_bytes);
    if (flags && JS_IsObject(v)) {
        v = qjs_export_prepare(ctx, cells[0], flags, &limits);
        JS_FreeValue(ctx, cells[0]);
    }
    if (!limits.reached && !JS_IsObject(v) && !JS_IsSymbol(v)) {
        dbuf_free(&limits.path);
        return qjs_return(ctx, v, QJS_MODE_EXPORT);
    }
    return qjs_return_tape(ctx, v, &limits);
}

/* A compiled script or module as bytecode on the tape.
   own: code  raises: yes  runs-js: no */
static JSValue qjs_bytecode_write(JSContext *ctx, JSValue code)
{
    size_t size;
    uint8_t *buf = JS_WriteObject(ctx, &size, code, JS_WRITE_OBJ_BYTECODE);
    JSValue ret = JS_EXCEPTION;

    JS_FreeValue(ctx, code);
    if (!buf)
        return JS_EXCEPTION;
    if (dbuf_put(qjs_out_begin(), buf, size) == 0) {
        qjs_out_end();
        ret = JS_MKVAL(QJS_TAG_TAPE, 0);
    }
    js_free(ctx, buf);
    return ret;
}

#define QJS_COMPILE_BASE 32768 /* what compiling the shortest code may take */
#define QJS_COMPILE_FACTOR 1     /* what each byte of code takes besides: the compiler keeps the source */

/* Compile from source. The engine's compiler does not survive every failed
   allocation, so it is not started without room; the reserve gives that room to
   small scripts, such as one that frees memory.
   own: ret  borrow: code, name  raises: yes  runs-js: no */
static JSValue qjs_compile_source(JSContext *ctx, const char *code, size_t code_len, const char *name, uint32_t flags)
{
    JSValue obj;
    qjs_reserve_open(ctx->rt);
    if (qjs_memory_left(ctx->rt, QJS_COMPILE_BASE + (uint64_t)code_len * QJS_COMPILE_FACTOR))
        obj = qjs_compile_text(ctx, code, code_len, name, JS_EVAL_FLAG_COMPILE_ONLY |
                               (flags & QJS_EVAL_MODULE ? JS_EVAL_TYPE_MODULE : JS_EVAL_TYPE_GLOBAL));
    else
        obj = JS_ThrowOutOfMemory(ctx);
    qjs_reserve_close(ctx->rt);
    return obj;
}

/* What code compiles to: a function or a module.
   own: ret  borrow: code, name  raises: yes  runs-js: no */
static JSValue qjs_compile(JSContext *ctx, const char *code, size_t code_len, const char *name, uint32_t flags)
{
    JSValue obj;
    if (flags & QJS_EVAL_BYTECODE) {
        obj = JS_ReadObject(ctx, (const uint8_t *)code, code_len, JS_READ_OBJ_BYTECODE);
        if (!JS_IsException(obj) && JS_VALUE_GET_TAG(obj) != JS_TAG_FUNCTION_BYTECODE &&
            JS_VALUE_GET_TAG(obj) != JS_TAG_MODULE) {
            JS_FreeValue(ctx, obj);
            return JS_ThrowTypeError(ctx, "not bytecode of a script or module");
        }
    } else {
        obj = qjs_compile_source(ctx, code, code_len, name, flags);
    }
    return obj;
}

/* Evaluate what the host wrote: name_len bytes of name, then code_len bytes of
   source or bytecode. A script gives its completion value, a module the promise
   of its namespace. own: none  raises: no, describes  runs-js: yes */
QJS_EXPORT("qjs_eval") uint32_t qjs_eval(uint32_t name_len, uint32_t code_len, uint32_t flags, uint32_t mode)
{
    JSContext *ctx = qjs_enter();
    uint32_t status;
    JSValue obj;
    char *in, *name;

    if (name_len >= qjs_io_block.in_cap || code_len >= qjs_io_block.in_cap - name_len) {
        JS_ThrowInternalError(ctx, "malformed request");
        return qjs_exception_take(ctx);
    }
    in = qjs_in_take(ctx, name_len + code_len);
    if (!in)
        return qjs_exception_take(ctx);
    name = js_strndup(ctx, in, name_len);
    if (!name) {
        js_free(ctx, in);
        return qjs_exception_take(ctx);
    }
    obj = qjs_compile(ctx, in + name_len, code_len, name, flags);
    js_free(ctx, in);
    js_free(ctx, name);
    if (JS_IsException(obj))
        return qjs_exception_take(ctx);
    if (JS_VALUE_GET_TAG(obj) == JS_TAG_MODULE) {
        qjs_module_list(ctx, JS_VALUE_GET_PTR(obj), !(flags & QJS_EVAL_COMPILE));
        qjs_modules_tidy(ctx);
    }
    if (flags & QJS_EVAL_COMPILE) {
        obj = qjs_bytecode_write(ctx, obj);
        if (JS_IsException(obj))
            return qjs_exception_take(ctx);
        qjs_io_block.result = obj;
        return QJS_STATUS_OK;
    }
    if (JS_VALUE_GET_TAG(obj) == JS_TAG_MODULE) {
        status = qjs_return(ctx, qjs_module_evaluate(ctx, obj), QJS_MODE_VALUE);
        return status == QJS_STATUS_OK ? QJS_STATUS_MODULE : status;
    }
    return qjs_return(ctx, JS_EvalFunction(ctx, obj), mode);
}
