/* Host functions as JS values: one class whose objects are functions that a
 * script cannot tell from built-in ones.
 */

/* A function object for the record: own name and length like any built-in, and
   a prototype object when it may be constructed.
   own: ret, r  borrow: name  raises: yes  runs-js: no */
static JSValue qjs_callable_new(JSContext *ctx, QJSRecord *r, JSValueConst name, uint32_t length)
{
    JSValue proto, func = qjs_record_object(ctx, r, ctx->function_proto, qjs_callable_class);

    if (JS_IsException(func))
        return func;
    if (JS_DefinePropertyValue(ctx, func, JS_ATOM_length, js_uint32(length), JS_PROP_CONFIGURABLE) < 0 ||
        JS_DefinePropertyValue(ctx, func, JS_ATOM_name, js_dup(name), JS_PROP_CONFIGURABLE) < 0)
        goto fail;
    if (r->flags & QJS_FUNC_CONSTRUCTOR) {
        JS_SetConstructorBit(ctx, func, true);
        proto = JS_NewObject(ctx);
        if (JS_IsException(proto))
            goto fail;
        if (JS_DefinePropertyValue(ctx, proto, JS_ATOM_constructor, js_dup(func),
                                   JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0) {
            JS_FreeValue(ctx, proto);
            goto fail;
        }
        if (JS_DefinePropertyValue(ctx, func, JS_ATOM_prototype, proto, JS_PROP_WRITABLE) < 0)
            goto fail;
    }
    return func;
fail:
    JS_FreeValue(ctx, func);
    return JS_EXCEPTION;
}

/* The host reads strings in place, so ropes are made flat first. Returns a
   vector that owns its ropes' replacements, or argv itself.
   own: ret when it is not argv  raises: yes  runs-js: no */
static JSValueConst *qjs_flatten_args(JSContext *ctx, int argc, JSValueConst *argv)
{
    JSValue *flat;
    int i;

    for (i = 0; i < argc; i++) {
        if (JS_VALUE_GET_TAG(argv[i]) == JS_TAG_STRING_ROPE)
            break;
    }
    if (likely(i == argc))
        return argv;
    flat = js_malloc(ctx, argc * sizeof(*flat));
    if (!flat)
        return NULL;
    for (i = 0; i < argc; i++) {
        if (JS_VALUE_GET_TAG(argv[i]) == JS_TAG_STRING_ROPE)
            flat[i] = js_linearize_string_rope(ctx, argv[i]);
        else
            flat[i] = js_dup(argv[i]);
        if (JS_IsException(flat[i])) {
            while (i-- > 0)
                JS_FreeValue(ctx, flat[i]);
            js_free(ctx, flat);
            return NULL;
        }
    }
    return vc(flat);
}

static void qjs_flatten_free(JSContext *ctx, int argc, JSValueConst *flat)
{
    int i;
    for (i = 0; i < argc; i++)
        JS_FreeValue(ctx, flat[i]);
    js_free(ctx, (void *)flat);
}

/* Throw what no script can catch; the host knows the reason.
   own: none  raises: yes  runs-js: no */
static JSValue qjs_throw_abort(JSContext *ctx)
{
    JS_ThrowInterrupted(ctx);
    return JS_EXCEPTION;
}

/* An abort of an entry that the host made meanwhile ended with that entry, also if
   it came too late to be noticed there. own: none  raises: no  runs-js: no */
static void qjs_host_returned(JSContext *ctx)
{
    ctx->rt->aborting = false;
}

/* Had the host function that returned last nothing more to give? See iterable.c. */
static bool qjs_host_done;

/* What few calls end in. own: ret  raises: yes  runs-js: no */
static no_inline JSValue qjs_host_rare(JSContext *ctx, uint32_t status)
{
    JSValue v;
    switch (status) {
    case QJS_STATUS_DONE:
        qjs_host_done = true;
        return JS_UNDEFINED;
    case QJS_STATUS_OK:
    case QJS_STATUS_THROW:
        v = qjs_io_block.result;
        if (JS_VALUE_GET_TAG(v) == QJS_TAG_TAPE) {
            qjs_quiet_begin();
            v = qjs_cell_read(ctx, v);
            qjs_quiet_end();
        } else {
            v = js_dup(v);
        }
        qjs_in_done();
        if (status == QJS_STATUS_THROW && !JS_IsException(v))
            return JS_Throw(ctx, v);
        return v;
    default:
        return qjs_throw_abort(ctx);
    }
}

/* Turn a host function's status and result cell into the call's outcome.
   own: ret  raises: yes  runs-js: no */
static JSValue qjs_host_outcome(JSContext *ctx, uint32_t status)
{
    JSValue v;
    qjs_host_returned(ctx);
    qjs_host_done = false;
    if (status == QJS_STATUS_UNDEFINED)
        return JS_UNDEFINED;
    if (likely(status == QJS_STATUS_OK)) {
        v = qjs_io_block.result;
        if (!JS_VALUE_HAS_REF_COUNT(v))
            return v;
        if (JS_VALUE_GET_TAG(v) == QJS_TAG_TAPE && ((uint32_t)v & QJS_TEXT_SHORT))
            return qjs_text_read(ctx, (uint32_t)v & ~QJS_TEXT_SHORT);
    }
    return qjs_host_rare(ctx, status);
}

/* Call the host, with no ropes among the arguments.
   own: ret  raises: yes  runs-js: what Go code does */
static inline JSValue qjs_callable_enter(JSContext *ctx, JSValueConst func, JSValueConst this_val,
                                         JSValueConst new_target, int argc, JSValueConst *argv)
{
    JSRuntime *rt = ctx->rt;
    QJSRecord *r = JS_VALUE_GET_OBJ(func)->u.opaque;
    JSValue ret;
    /* So that stack traces say "at name (native)". */
    JSStackFrame sf = {
        .prev_frame = rt->current_stack_frame,
        .cur_func = unsafe_unconst(func),
        .arg_count = argc,
        .is_constructor = !JS_IsUndefined(new_target),
    };

    rt->current_stack_frame = &sf;
    qjs_io_block.new_target = unsafe_unconst(new_target);
    ret = qjs_host_outcome(ctx, qjs_host_call(r->handle, this_val, argc, (uint32_t)(uintptr_t)argv, (uint32_t)(uintptr_t)r));
    rt->current_stack_frame = sf.prev_frame;
    return ret;
}

/* The same, of ropes made flat, and as a constructor.
   own: ret  raises: yes  runs-js: what Go code does */
static no_inline JSValue qjs_callable_prepare(JSContext *ctx, JSValueConst func, JSValueConst this_val,
                                              int argc, JSValueConst *argv, int flags)
{
    JSValueConst new_target = JS_UNDEFINED, *args;
    JSValue self = JS_UNDEFINED, ret;

    if (flags & JS_CALL_FLAG_CONSTRUCTOR) {
        new_target = this_val;
        self = js_create_from_ctor(ctx, new_target, JS_CLASS_OBJECT);
        if (JS_IsException(self))
            return self;
        this_val = self;
    } else if (JS_VALUE_GET_TAG(this_val) == JS_TAG_STRING_ROPE) {
        self = js_linearize_string_rope(ctx, this_val);
        if (JS_IsException(self))
            return self;
        this_val = self;
    }
    args = qjs_flatten_args(ctx, argc, argv);
    if (unlikely(!args && argc > 0)) { /* the engine calls toString and the like without a vector */
        JS_FreeValue(ctx, self);
        return JS_EXCEPTION;
    }
    ret = qjs_callable_enter(ctx, func, this_val, new_target, argc, args);
    if (args != argv)
        qjs_flatten_free(ctx, argc, args);
    if ((flags & JS_CALL_FLAG_CONSTRUCTOR) && !JS_IsException(ret) && !JS_IsObject(ret)) {
        JS_FreeValue(ctx, ret);
        return self;
    }
    JS_FreeValue(ctx, self);
    return ret;
}

static JSValue qjs_callable_call(JSContext *ctx, JSValueConst func, JSValueConst this_val,
                                 int argc, JSValueConst *argv, int flags)
{
    int i;

    if (js_check_stack_overflow(ctx->rt, 0))
        return JS_ThrowStackOverflow(ctx);
    if (unlikely(flags & JS_CALL_FLAG_CONSTRUCTOR) || unlikely(JS_VALUE_GET_TAG(this_val) == JS_TAG_STRING_ROPE))
        return qjs_callable_prepare(ctx, func, this_val, argc, argv, flags);
    for (i = 0; i < argc; i++) {
        if (unlikely(JS_VALUE_GET_TAG(argv[i]) == JS_TAG_STRING_ROPE))
            return qjs_callable_prepare(ctx, func, this_val, argc, argv, flags);
    }
    return qjs_callable_enter(ctx, func, this_val, JS_UNDEFINED, argc, argv);
}

static const JSClassDef qjs_callable_def = {
    "Function",
    .finalizer = qjs_callable_finalizer,
    .gc_mark = qjs_callable_mark,
    .call = qjs_callable_call,
};

static const JSClassDef qjs_host_ref_def = {
    "HostReference",
    .finalizer = qjs_host_ref_finalizer,
};

static int qjs_callable_init(JSContext *ctx)
{
    JSRuntime *rt = ctx->rt;
    JS_NewClassID(rt, &qjs_callable_class);
    JS_NewClassID(rt, &qjs_host_ref_class);
    if (JS_NewClass(rt, qjs_callable_class, &qjs_callable_def) < 0 ||
        JS_NewClass(rt, qjs_host_ref_class, &qjs_host_ref_def) < 0)
        return -1;
    JS_SetClassProto(ctx, qjs_callable_class, JS_GetFunctionProto(ctx));
    return 0;
}
