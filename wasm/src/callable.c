/* Host functions as JS values.
 *
 * One class whose objects are functions. An object's opaque record carries the
 * handle under which the host registered the Go function, and the values
 * captured at registration. The finalizer calls nobody: it links the record on
 * the dead list, and the host takes the handles in batches at safe points.
 * A second class, without call, ties a Go error to its JS Error in the same way.
 */

typedef struct QJSRecord {
    uint64_t handle;
    struct QJSRecord *next_dead;
    uint32_t flags; /* QJS_FUNC_ */
    uint32_t padding;
    uint32_t count;
    JSValue captures[];
} QJSRecord;

QJS_AT(QJSRecord, captures, QJS_RECORD_CAPTURES);
QJS_AT(QJSRecord, count, QJS_RECORD_COUNT);

static JSClassID qjs_callable_class;
static JSClassID qjs_host_ref_class;
static QJSRecord *qjs_dead_list;

static void qjs_record_finalize(JSRuntime *rt, QJSRecord *r)
{
    uint32_t i;
    if (!r)
        return;
    for (i = 0; i < r->count; i++)
        JS_FreeValueRT(rt, r->captures[i]);
    r->count = 0;
    r->next_dead = qjs_dead_list;
    qjs_dead_list = r;
    qjs_io_block.dead_count++;
    qjs_io_block.callable_count--;
}

static void qjs_callable_finalizer(JSRuntime *rt, JSValueConst val)
{
    qjs_record_finalize(rt, JS_GetOpaque(val, qjs_callable_class));
}

static void qjs_host_ref_finalizer(JSRuntime *rt, JSValueConst val)
{
    qjs_record_finalize(rt, JS_GetOpaque(val, qjs_host_ref_class));
}

static void qjs_callable_mark(JSRuntime *rt, JSValueConst val, JS_MarkFunc *mark)
{
    QJSRecord *r = JS_GetOpaque(val, qjs_callable_class);
    uint32_t i;
    if (!r)
        return;
    for (i = 0; i < r->count; i++)
        JS_MarkValue(rt, r->captures[i], mark);
}

/* Move at most max handles of dead records to in_ptr and free the records.
   own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_callable_take_dead") uint32_t qjs_callable_take_dead(uint32_t max)
{
    uint64_t *handles = (uint64_t *)(uintptr_t)qjs_io_block.in_ptr;
    uint32_t n = 0;

    max = min_uint32(max, qjs_io_block.in_cap / sizeof(*handles));
    while (n < max && qjs_dead_list) {
        QJSRecord *r = qjs_dead_list;
        qjs_dead_list = r->next_dead;
        handles[n++] = r->handle;
        js_free_rt(qjs_rt, r);
    }
    qjs_io_block.dead_count -= n;
    return n;
}

/* The handles of all live objects, as the tape. The host asks when it counts
   more callables than the guest. Returns 0 when memory is short.
   own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_callable_list") uint32_t qjs_callable_list(void)
{
    DynBuf *out = qjs_out_begin();
    struct list_head *el;

    list_for_each(el, &qjs_rt->gc_obj_list) {
        JSGCObjectHeader *h = list_entry(el, JSGCObjectHeader, link);
        JSObject *p = (JSObject *)h;
        QJSRecord *r;
        if (JS_GC_TYPE(h) != JS_GC_OBJ_TYPE_JS_OBJECT ||
            (p->class_id != qjs_callable_class && p->class_id != qjs_host_ref_class))
            continue;
        r = p->u.opaque;
        if (r && dbuf_put_u64(out, r->handle)) {
            JS_FreeValue(qjs_ctx, JS_GetException(qjs_ctx));
            return 0;
        }
    }
    qjs_out_end();
    return 1;
}

/* own: none  raises: yes  runs-js: no */
static QJSRecord *qjs_record_new(JSContext *ctx, uint64_t handle, uint32_t capacity)
{
    QJSRecord *r;
    if (capacity > (UINT32_MAX - sizeof(*r)) / sizeof(JSValue)) {
        JS_ThrowOutOfMemory(ctx);
        return NULL;
    }
    r = js_malloc(ctx, sizeof(*r) + capacity * sizeof(JSValue));
    if (!r)
        return NULL;
    r->handle = handle;
    r->next_dead = NULL;
    r->flags = 0;
    r->padding = 0;
    r->count = 0;
    return r;
}

/* The object that owns r from now on, or an exception with r freed.
   own: ret, r  raises: yes  runs-js: no */
static JSValue qjs_record_object(JSContext *ctx, QJSRecord *r, JSValueConst proto, JSClassID class_id)
{
    JSValue obj = JS_NewObjectProtoClass(ctx, proto, class_id);
    if (JS_IsException(obj)) {
        uint32_t i;
        for (i = 0; i < r->count; i++)
            JS_FreeValue(ctx, r->captures[i]);
        js_free(ctx, r);
        return obj;
    }
    JS_SetOpaque(obj, r);
    qjs_io_block.callable_count++;
    return obj;
}

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

/* Turn a host function's status and result cell into the call's outcome.
   own: ret  raises: yes  runs-js: no */
static JSValue qjs_host_outcome(JSContext *ctx, uint32_t status)
{
    JSValue v;
    switch (status) {
    case QJS_STATUS_UNDEFINED:
        return JS_UNDEFINED;
    case QJS_STATUS_OK:
    case QJS_STATUS_THROW:
        v = qjs_cell_read(ctx, qjs_io_block.result);
        qjs_in_done();
        if (status == QJS_STATUS_THROW && !JS_IsException(v))
            return JS_Throw(ctx, v);
        return v;
    default:
        return qjs_throw_abort(ctx);
    }
}

static JSValue qjs_callable_call(JSContext *ctx, JSValueConst func, JSValueConst this_val,
                                 int argc, JSValueConst *argv, int flags)
{
    JSRuntime *rt = ctx->rt;
    JSStackFrame sf_s, *sf = &sf_s;
    QJSRecord *r = JS_GetOpaque(func, qjs_callable_class);
    JSValueConst new_target = JS_UNDEFINED, *args;
    JSValue self = JS_UNDEFINED, ret;
    uint32_t status;

    if (js_check_stack_overflow(rt, 0))
        return JS_ThrowStackOverflow(ctx);
    if (unlikely(flags & JS_CALL_FLAG_CONSTRUCTOR)) {
        new_target = this_val;
        self = js_create_from_ctor(ctx, new_target, JS_CLASS_OBJECT);
        if (JS_IsException(self))
            return self;
        this_val = self;
    }
    if (unlikely(JS_VALUE_GET_TAG(this_val) == JS_TAG_STRING_ROPE)) {
        self = js_linearize_string_rope(ctx, this_val);
        if (JS_IsException(self))
            return self;
        this_val = self;
    }
    args = qjs_flatten_args(ctx, argc, argv);
    if (unlikely(!args)) {
        JS_FreeValue(ctx, self);
        return JS_EXCEPTION;
    }

    /* A frame, so that stack traces say "at name (native)". */
    memset(sf, 0, sizeof(*sf));
    sf->prev_frame = rt->current_stack_frame;
    sf->is_constructor = (flags & JS_CALL_FLAG_CONSTRUCTOR) != 0;
    sf->cur_func = unsafe_unconst(func);
    sf->arg_count = argc;
    rt->current_stack_frame = sf;

    qjs_io_block.new_target = unsafe_unconst(new_target);
    status = qjs_host_call(r->handle, this_val, argc, (uint32_t)(uintptr_t)args, (uint32_t)(uintptr_t)r);
    ret = qjs_host_outcome(ctx, status);

    rt->current_stack_frame = sf->prev_frame;
    if (unlikely(args != argv))
        qjs_flatten_free(ctx, argc, args);
    if (unlikely(flags & JS_CALL_FLAG_CONSTRUCTOR) && !JS_IsException(ret) && !JS_IsObject(ret)) {
        JS_FreeValue(ctx, ret);
        return self;
    }
    JS_FreeValue(ctx, self);
    return ret;
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
