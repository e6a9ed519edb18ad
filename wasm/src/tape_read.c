/* Host to guest: cells and tape records become JS values. Runs no JS. */

struct QJSReader {
    JSContext *ctx;
    const uint8_t *p;
    const uint8_t *end;
    JSValue *containers; /* by order of appearance; owned, for a key that comes again drops what it had */
    uint32_t count;
    uint32_t capacity;
    JSShape **shapes; /* by order of appearance */
    uint32_t shape_count;
    uint32_t shape_capacity;
    JSValueConst stack; /* of the error being built, uninitialized outside one */
};

static JSValue qjs_tape_value(QJSReader *r);

static JSValue qjs_tape_malformed(QJSReader *r)
{
    return JS_ThrowInternalError(r->ctx, "malformed tape");
}

static inline bool qjs_tape_take(QJSReader *r, void *dst, size_t size)
{
    if (unlikely((size_t)(r->end - r->p) < size))
        return false;
    memcpy(dst, r->p, size);
    r->p += size;
    return true;
}

/* A u32 length of elements of the given size, and where they are. */
static const uint8_t *qjs_tape_take_block(QJSReader *r, uint32_t *plen, uint32_t size)
{
    const uint8_t *block;
    uint32_t n;
    if (!qjs_tape_take(r, &n, 4) || (size_t)(r->end - r->p) / size < n)
        return NULL;
    block = r->p;
    r->p += (size_t)n * size;
    *plen = n;
    return block;
}

/* The block that comes instead of units, if it does: undefined if not, or if there is
   none with that number. own: ret  raises: no */
static JSValue qjs_tape_take_elsewhere(QJSReader *r)
{
    uint32_t n;
    if ((size_t)(r->end - r->p) < 8)
        return JS_UNDEFINED;
    memcpy(&n, r->p, 4);
    if (likely(!(n & QJS_TAPE_ELSEWHERE)))
        return JS_UNDEFINED;
    memcpy(&n, r->p + 4, 4);
    r->p += 8;
    return qjs_block_get(n);
}

static int qjs_tape_container(QJSReader *r, JSValueConst v)
{
    if (r->count == r->capacity) {
        uint32_t capacity = r->capacity ? r->capacity * 2 : 16;
        JSValue *grown = js_realloc(r->ctx, r->containers, capacity * sizeof(*grown));
        if (!grown)
            return -1;
        r->containers = grown;
        r->capacity = capacity;
    }
    r->containers[r->count++] = js_dup(v);
    return 0;
}

/* own: ret  raises: yes */
static JSValue qjs_tape_string(QJSReader *r, uint8_t tag)
{
    const uint8_t *block;
    uint32_t n;
    JSValue v = qjs_tape_take_elsewhere(r);

    if (unlikely(!JS_IsUndefined(v))) {
        if (JS_IsString(v))
            return v;
        JS_FreeValue(r->ctx, v);
        return qjs_tape_malformed(r);
    }
    switch (tag) {
    case QJS_TAPE_LATIN1:
        block = qjs_tape_take_block(r, &n, 1);
        return block ? js_new_string8_len(r->ctx, (const char *)block, n) : qjs_tape_malformed(r);
    case QJS_TAPE_UTF16: {
        JSString *s;
        block = qjs_tape_take_block(r, &n, 2);
        if (!block || n > JS_STRING_LEN_MAX)
            return qjs_tape_malformed(r);
        if (n == 0)
            return js_empty_string(r->ctx->rt);
        s = js_alloc_string(r->ctx, n, 1); /* the block may be unaligned */
        if (!s)
            return JS_EXCEPTION;
        memcpy(str16(s), block, (size_t)n * 2);
        return JS_MKPTR(JS_TAG_STRING, s);
    }
    case QJS_TAPE_UTF8:
        block = qjs_tape_take_block(r, &n, 1);
        return block ? JS_NewStringLen(r->ctx, (const char *)block, n) : qjs_tape_malformed(r);
    }
    return qjs_tape_malformed(r);
}

static JSValue qjs_tape_string_record(QJSReader *r)
{
    uint8_t tag;
    return qjs_tape_take(r, &tag, 1) ? qjs_tape_string(r, tag) : qjs_tape_malformed(r);
}

static JSValue qjs_tape_big_int(QJSReader *r)
{
    const uint8_t *limbs;
    JSBigInt *b;
    uint32_t n;

    if (!qjs_require(r->ctx, QJS_INTRINSIC_BIG_INT, "BigInt"))
        return JS_EXCEPTION;
    limbs = qjs_tape_take_block(r, &n, sizeof(js_limb_t));
    if (!limbs || n == 0)
        return qjs_tape_malformed(r);
    if (n > JS_BIGINT_MAX_SIZE)
        return JS_ThrowRangeError(r->ctx, "BigInt is too large to allocate");
    b = js_bigint_new(r->ctx, n);
    if (!b)
        return JS_EXCEPTION;
    memcpy(b->tab, limbs, n * sizeof(js_limb_t));
    return JS_CompactBigInt(r->ctx, js_bigint_normalize(r->ctx, b));
}

static JSValue qjs_tape_root(QJSReader *r)
{
    uint32_t index, generation, kind;
    if (!qjs_tape_take(r, &index, 4) || !qjs_tape_take(r, &generation, 4) || !qjs_tape_take(r, &kind, 4))
        return qjs_tape_malformed(r);
    return js_dup(qjs_root_get(r->ctx, index, generation));
}

static JSValue qjs_tape_array(QJSReader *r);
static JSValue qjs_tape_object(QJSReader *r);
static JSValue qjs_tape_collection(QJSReader *r, int magic);
static JSValue qjs_tape_bytes(QJSReader *r, uint8_t tag);
static JSValue qjs_tape_func(QJSReader *r);

static JSValue qjs_tape_compound(QJSReader *r, uint8_t tag);
static JSValue qjs_tape_shape(QJSReader *r);
static JSValue qjs_tape_record(QJSReader *r);
static JSValue qjs_tape_reg_exp(QJSReader *r);

typedef struct QJSReadCall {
    QJSReader *r;
    uint8_t tag;
    JSValue ret;
} QJSReadCall;

static void qjs_read_run(void *args)
{
    QJSReadCall *c = args;
    c->ret = qjs_tape_compound(c->r, c->tag);
}

static no_inline JSValue qjs_read_in_segment(QJSReader *r, uint8_t tag)
{
    QJSReadCall c = { r, tag, JS_EXCEPTION };
    qjs_segment_call(r->ctx->rt, 0, qjs_read_run, &c);
    return c.ret;
}

/* own: v (also on failure), ret  raises: yes  runs-js: no */
static JSValue qjs_tape_noted(QJSReader *r, JSValue v)
{
    if (!JS_IsException(v) && qjs_tape_container(r, v) < 0) {
        JS_FreeValue(r->ctx, v);
        return JS_EXCEPTION;
    }
    return v;
}

/* What is no number or the like. own: ret  raises: yes  runs-js: no */
static JSValue qjs_tape_compound(QJSReader *r, uint8_t tag)
{
    JSContext *ctx = r->ctx;
    uint32_t n;
    double d;
    JSValue v;

    if (js_segment_full(ctx->rt, 0))
        return qjs_read_in_segment(r, tag);
    if (js_check_stack_overflow(ctx->rt, 0))
        return JS_ThrowStackOverflow(ctx);
    if (js_check_aborting(ctx))
        return JS_EXCEPTION;
    switch (tag) {
    case QJS_TAPE_BIG_INT:
        return qjs_tape_big_int(r);
    case QJS_TAPE_ARRAY:
        return qjs_tape_array(r);
    case QJS_TAPE_OBJECT:
        return qjs_tape_object(r);
    case QJS_TAPE_SHAPE:
        return qjs_tape_shape(r);
    case QJS_TAPE_RECORD:
        return qjs_tape_record(r);
    case QJS_TAPE_MAP:
        return qjs_tape_collection(r, 0);
    case QJS_TAPE_SET:
        return qjs_tape_collection(r, MAGIC_SET);
    case QJS_TAPE_DATE:
        if (!qjs_tape_take(r, &d, 8))
            return qjs_tape_malformed(r);
        if (!qjs_require(ctx, QJS_INTRINSIC_DATE, "Date"))
            return JS_EXCEPTION;
        return qjs_tape_noted(r, JS_NewDate(ctx, d));
    case QJS_TAPE_REG_EXP:
        return qjs_tape_noted(r, qjs_tape_reg_exp(r));
    case QJS_TAPE_BUFFER:
    case QJS_TAPE_TYPED:
        return qjs_tape_bytes(r, tag);
    case QJS_TAPE_BACKREF:
        if (!qjs_tape_take(r, &n, 4) || n >= r->count)
            return qjs_tape_malformed(r);
        return js_dup(r->containers[n]);
    case QJS_TAPE_ROOT:
        return qjs_tape_root(r);
    case QJS_TAPE_RAW:
        return qjs_tape_take(r, &v, 8) ? js_dup(v) : qjs_tape_malformed(r);
    case QJS_TAPE_FUNC:
        return qjs_tape_func(r);
    case QJS_TAPE_ERROR:
        return qjs_tape_error(r);
    case QJS_TAPE_LIVE:
        return qjs_tape_live(r);
    }
    return qjs_tape_malformed(r);
}

/* One value. own: ret  raises: yes  runs-js: no */
static JSValue qjs_tape_value(QJSReader *r)
{
    uint8_t tag;
    int32_t i;
    double d;

    if (!qjs_tape_take(r, &tag, 1))
        return qjs_tape_malformed(r);
    switch (tag) {
    case QJS_TAPE_UNDEFINED:
        return JS_UNDEFINED;
    case QJS_TAPE_NULL:
        return JS_NULL;
    case QJS_TAPE_FALSE:
    case QJS_TAPE_TRUE:
        return js_bool(tag == QJS_TAPE_TRUE);
    case QJS_TAPE_INT:
        return qjs_tape_take(r, &i, 4) ? js_int32(i) : qjs_tape_malformed(r);
    case QJS_TAPE_FLOAT:
        return qjs_tape_take(r, &d, 8) ? js_float64(d) : qjs_tape_malformed(r);
    case QJS_TAPE_LATIN1:
    case QJS_TAPE_UTF16:
    case QJS_TAPE_UTF8:
        return qjs_tape_string(r, tag);
    }
    return qjs_tape_compound(r, tag);
}

static void qjs_reader_end(QJSReader *r)
{
    while (r->shape_count > 0)
        js_free_shape(r->ctx->rt, r->shapes[--r->shape_count]);
    js_free(r->ctx, r->shapes);
    while (r->count > 0)
        JS_FreeValue(r->ctx, r->containers[--r->count]);
    js_free(r->ctx, r->containers);
}

/* The value of a cell that the host wrote; its record, if any, is at an offset
   of the in buffer. own: ret  raises: yes  runs-js: no */
static JSValue qjs_cell_read(JSContext *ctx, JSValue cell)
{
    QJSReader r = { .ctx = ctx, .stack = JS_UNINITIALIZED };
    JSValue v;
    uint32_t offset;

    if (likely(JS_VALUE_GET_TAG(cell) != QJS_TAG_TAPE))
        return js_dup(cell);
    offset = (uint32_t)cell;
    if (offset > qjs_io_block.in_cap)
        return qjs_tape_malformed(&r);
    r.p = (const uint8_t *)(uintptr_t)qjs_io_block.in_ptr + offset;
    r.end = (const uint8_t *)(uintptr_t)qjs_io_block.in_ptr + qjs_io_block.in_cap;
    if (r.p < r.end && *r.p == QJS_TAPE_LATIN1) { /* most are strings: no graph to set up for */
        r.p++;
        return qjs_tape_string(&r, QJS_TAPE_LATIN1);
    }
    v = qjs_tape_value(&r);
    qjs_reader_end(&r);
    return v;
}
