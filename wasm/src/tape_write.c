/* Guest to host: JS values become tape records. Runs no JS: accessors are left
 * out and proxies cross as roots. */

#define QJS_EXPORT_HOLES (1 << 20) /* holes an exported array may have */

typedef struct QJSWriter {
    JSContext *ctx;
    DynBuf *out;
    JSObject **table;   /* open addressing, by address */
    uint32_t *ids;      /* order of appearance of table's objects */
    uint32_t count;
    uint32_t capacity;  /* a power of two, or 0 */
    uint32_t *roots;    /* {index, generation} pairs on the tape */
    uint32_t root_count;
    uint32_t root_capacity;
} QJSWriter;

static int qjs_write_value(QJSWriter *w, JSValueConst v);
static int qjs_write_error(QJSWriter *w, JSValueConst v, uint32_t flags);

static inline int qjs_put_tag(QJSWriter *w, uint8_t tag)
{
    return dbuf_putc(w->out, tag);
}

static void qjs_patch_u32(QJSWriter *w, size_t at, uint32_t v)
{
    if (!dbuf_error(w->out))
        memcpy(w->out->buf + at, &v, 4);
}

static inline uint32_t qjs_writer_slot(QJSWriter *w, JSObject *p)
{
    uint32_t mask = w->capacity - 1;
    uint32_t i = ((uint32_t)(uintptr_t)p * 2654435761u >> 7) & mask;
    while (w->table[i] && w->table[i] != p)
        i = (i + 1) & mask;
    return i;
}

static int qjs_writer_grow(QJSWriter *w)
{
    QJSWriter grown = *w;
    uint32_t i, slot;

    grown.capacity = w->capacity ? w->capacity * 2 : 16;
    grown.table = js_mallocz(w->ctx, grown.capacity * sizeof(*grown.table));
    grown.ids = js_malloc(w->ctx, grown.capacity * sizeof(*grown.ids));
    if (!grown.table || !grown.ids) {
        js_free(w->ctx, grown.table);
        js_free(w->ctx, grown.ids);
        return -1;
    }
    for (i = 0; i < w->capacity; i++) {
        if (!w->table[i])
            continue;
        slot = qjs_writer_slot(&grown, w->table[i]);
        grown.table[slot] = w->table[i];
        grown.ids[slot] = w->ids[i];
    }
    js_free(w->ctx, w->table);
    js_free(w->ctx, w->ids);
    *w = grown;
    return 0;
}

/* 1: written as a reference to an earlier container; 0: new, now remembered. */
static int qjs_write_seen(QJSWriter *w, JSObject *p)
{
    uint32_t slot;
    if (w->count * 2 >= w->capacity && qjs_writer_grow(w) < 0)
        return -1;
    slot = qjs_writer_slot(w, p);
    if (w->table[slot]) {
        qjs_put_tag(w, QJS_TAPE_BACKREF);
        dbuf_put_u32(w->out, w->ids[slot]);
        return 1;
    }
    w->table[slot] = p;
    w->ids[slot] = w->count++;
    return 0;
}

/* A flat string. own: none  raises: no */
static void qjs_write_flat(QJSWriter *w, JSString *s)
{
    qjs_put_tag(w, s->is_wide_char ? QJS_TAPE_UTF16 : QJS_TAPE_LATIN1);
    dbuf_put_u32(w->out, s->len);
    dbuf_put(w->out, strv(s), (size_t)s->len << s->is_wide_char);
}

static int qjs_write_string(QJSWriter *w, JSValueConst v)
{
    JSValue flat = js_dup(v);
    if (JS_VALUE_GET_TAG(v) == JS_TAG_STRING_ROPE) {
        JS_FreeValue(w->ctx, flat);
        flat = js_linearize_string_rope(w->ctx, v);
        if (JS_IsException(flat))
            return -1;
    }
    qjs_write_flat(w, JS_VALUE_GET_STRING(flat));
    JS_FreeValue(w->ctx, flat);
    return 0;
}

static void qjs_write_cstring(QJSWriter *w, const char *s)
{
    qjs_put_tag(w, QJS_TAPE_LATIN1);
    dbuf_put_u32(w->out, strlen(s));
    dbuf_putstr(w->out, s);
}

static int qjs_write_atom(QJSWriter *w, JSAtom atom)
{
    JSValue s = JS_AtomToString(w->ctx, atom);
    if (JS_IsException(s))
        return -1;
    qjs_write_flat(w, JS_VALUE_GET_STRING(s));
    JS_FreeValue(w->ctx, s);
    return 0;
}

static void qjs_write_big_int(QJSWriter *w, JSValueConst v)
{
    qjs_put_tag(w, QJS_TAPE_BIG_INT);
    if (JS_VALUE_GET_TAG(v) == JS_TAG_SHORT_BIG_INT) {
        dbuf_put_u32(w->out, 1);
        dbuf_put_u32(w->out, (uint32_t)JS_VALUE_GET_SHORT_BIG_INT(v));
    } else {
        JSBigInt *b = JS_VALUE_GET_PTR(v);
        dbuf_put_u32(w->out, b->len);
        dbuf_put(w->out, b->tab, b->len * sizeof(js_limb_t));
    }
}

/* The roots of a tape that fails are released again; their names are noted first,
   while failing is easy. */
static int qjs_write_root(QJSWriter *w, JSValueConst v)
{
    uint32_t generation, index;
    if (w->root_count == w->root_capacity) {
        uint32_t capacity = w->root_capacity ? w->root_capacity * 2 : 4;
        uint32_t *grown = js_realloc(w->ctx, w->roots, capacity * 2 * sizeof(*grown));
        if (!grown)
            return -1;
        w->roots = grown;
        w->root_capacity = capacity;
    }
    index = qjs_root_add(w->ctx, js_dup(v), &generation);
    if (index == QJS_ROOT_NONE)
        return -1;
    w->roots[2 * w->root_count] = index;
    w->roots[2 * w->root_count++ + 1] = generation;
    qjs_put_tag(w, QJS_TAPE_ROOT);
    dbuf_put_u32(w->out, index);
    dbuf_put_u32(w->out, generation);
    dbuf_put_u32(w->out, qjs_value_kind(v));
    return 0;
}

static int qjs_write_plain(QJSWriter *w, JSObject *p);

typedef struct QJSWriteCall {
    QJSWriter *w;
    JSValueConst v;
    int ret;
} QJSWriteCall;

static void qjs_write_run(void *args)
{
    QJSWriteCall *c = args;
    c->ret = qjs_write_value(c->w, c->v);
}

static no_inline int qjs_write_in_segment(QJSWriter *w, JSValueConst v)
{
    QJSWriteCall c = { w, v, -1 };
    qjs_segment_call(w->ctx->rt, 0, qjs_write_run, &c);
    return c.ret;
}

/* own: none  raises: yes  runs-js: no */
static int qjs_write_value(QJSWriter *w, JSValueConst v)
{
    JSContext *ctx = w->ctx;
    JSObject *p;
    double d;

    if (js_segment_full(ctx->rt, 0))
        return qjs_write_in_segment(w, v);
    if (js_check_stack_overflow(ctx->rt, 0)) {
        JS_ThrowStackOverflow(ctx);
        return -1;
    }
    if (dbuf_error(w->out) || js_check_aborting(ctx))
        return -1;
    switch (JS_VALUE_GET_NORM_TAG(v)) {
    case JS_TAG_INT:
        qjs_put_tag(w, QJS_TAPE_INT);
        return dbuf_put_u32(w->out, JS_VALUE_GET_INT(v));
    case JS_TAG_FLOAT64:
        d = JS_VALUE_GET_FLOAT64(v);
        qjs_put_tag(w, QJS_TAPE_FLOAT);
        return dbuf_put(w->out, &d, 8);
    case JS_TAG_BOOL:
        return qjs_put_tag(w, JS_VALUE_GET_BOOL(v) ? QJS_TAPE_TRUE : QJS_TAPE_FALSE);
    case JS_TAG_NULL:
        return qjs_put_tag(w, QJS_TAPE_NULL);
    case JS_TAG_STRING:
    case JS_TAG_STRING_ROPE:
        return qjs_write_string(w, v);
    case JS_TAG_BIG_INT:
    case JS_TAG_SHORT_BIG_INT:
        qjs_write_big_int(w, v);
        return 0;
    case JS_TAG_SYMBOL:
        return qjs_write_root(w, v);
    case JS_TAG_OBJECT:
        p = JS_VALUE_GET_OBJ(v);
        switch (qjs_value_kind(v)) {
        case QJS_KIND_OBJECT:
        case QJS_KIND_ARRAY:
        case QJS_KIND_MAP:
        case QJS_KIND_SET:
        case QJS_KIND_DATE:
        case QJS_KIND_ERROR:
        case QJS_KIND_ARRAY_BUFFER:
        case QJS_KIND_TYPED_ARRAY:
            return qjs_write_plain(w, p);
        case QJS_KIND_LIVE:
            qjs_put_tag(w, QJS_TAPE_LIVE);
            return dbuf_put_u64(w->out, ((QJSRecord *)p->u.opaque)->handle);
        case QJS_KIND_BOXED:
            return qjs_write_value(w, p->u.object_data);
        }
        return qjs_write_root(w, v);
    }
    return qjs_put_tag(w, QJS_TAPE_UNDEFINED);
}

static void qjs_writer_end(QJSWriter *w, bool failed)
{
    while (failed && w->root_count > 0) {
        w->root_count--;
        qjs_root_remove(w->ctx, w->roots[2 * w->root_count], w->roots[2 * w->root_count + 1]);
    }
    js_free(w->ctx, w->roots);
    js_free(w->ctx, w->table);
    js_free(w->ctx, w->ids);
}

/* Write v, whole, as the host's tape. own: none  raises: yes  runs-js: no */
static int qjs_export(JSContext *ctx, JSValueConst v)
{
    QJSWriter w = { ctx, qjs_out_begin() };
    int ret;

    qjs_quiet_begin();
    ret = qjs_write_value(&w, v);
    if (dbuf_error(w.out))
        ret = -1;
    qjs_writer_end(&w, ret < 0);
    qjs_quiet_end();
    qjs_out_end();
    return ret;
}
