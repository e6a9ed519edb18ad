/* Records: what a JS object keeps of the Go function or Go error it stands for.
 *
 * Three kinds of objects have one as their opaque pointer: callables, which are
 * functions, host references, which tie a Go error to its JS Error, and live
 * objects, see live.c. The
 * record carries the handle under which the host registered the Go side, and the
 * values captured at registration. The finalizer calls nobody: it links the
 * record on the dead list, and the host takes the handles in batches at safe
 * points.
 */

#define QJS_RECORD_LIVE 0x80000000u /* a flag: the record is a QJSLive */

typedef struct QJSRecord {
    uint64_t handle;
    struct QJSRecord *next_dead;
    uint32_t flags; /* QJS_FUNC_ of a callable, QJS_REF_ of a host reference */
    uint32_t padding;
    uint32_t count;
    JSValue captures[];
} QJSRecord;

#define QJS_REF_INNER 1 /* the host gave the error a cause or errors */

QJS_AT(QJSRecord, captures, QJS_RECORD_CAPTURES);
QJS_AT(QJSRecord, count, QJS_RECORD_COUNT);

static bool qjs_live_taken(struct QJSRecord *r);

static JSClassID qjs_callable_class;
static JSClassID qjs_host_ref_class;
static JSClassID qjs_live_class;
static JSClassID qjs_live_list_class;
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
        if ((r->flags & QJS_RECORD_LIVE) && qjs_live_taken(r))
            continue;
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
            (p->class_id != qjs_callable_class && p->class_id != qjs_host_ref_class && p->class_id != qjs_live_class &&
             p->class_id != qjs_live_list_class))
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
