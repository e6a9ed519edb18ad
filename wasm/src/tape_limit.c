/* Limits of an export, and where in the value they were reached. */

typedef struct QJSLimits {
    uint32_t max_depth; /* of containers within containers */
    uint32_t max_nodes; /* containers */
    uint32_t max_bytes; /* of tape */
    uint32_t depth;
    uint32_t nodes;
    bool reached;
    uint8_t which;  /* QJS_LIMIT_ */
    uint32_t steps; /* of the path */
    DynBuf path;    /* from the inside out */
} QJSLimits;

#define QJS_LIMIT_KEY_MAX 256 /* units of a key in a path */

static void qjs_limits_init(JSContext *ctx, QJSLimits *l, uint32_t depth, uint32_t nodes, uint32_t bytes)
{
    memset(l, 0, sizeof(*l));
    l->max_depth = depth ? depth : UINT32_MAX;
    l->max_nodes = nodes ? nodes : UINT32_MAX;
    l->max_bytes = bytes ? bytes : UINT32_MAX;
    js_dbuf_init(ctx, &l->path);
}

static int qjs_limit_reach(QJSLimits *l, uint8_t which)
{
    l->reached = true;
    l->which = which;
    return -1;
}

/* A container begins. */
static inline int qjs_limit_enter(QJSLimits *l)
{
    if (unlikely(l->nodes >= l->max_nodes))
        return qjs_limit_reach(l, QJS_LIMIT_NODES);
    if (unlikely(l->depth >= l->max_depth))
        return qjs_limit_reach(l, QJS_LIMIT_DEPTH);
    l->nodes++;
    l->depth++;
    return 0;
}

static inline int qjs_limit_bytes(QJSLimits *l, size_t size)
{
    return likely(size <= l->max_bytes) ? 0 : qjs_limit_reach(l, QJS_LIMIT_BYTES);
}

/* The limit was reached inside this element, or this property. */
static void qjs_limit_step_index(QJSLimits *l, uint32_t i)
{
    double d = i;
    if (!l->reached)
        return;
    l->steps++;
    dbuf_putc(&l->path, QJS_TAPE_FLOAT);
    dbuf_put(&l->path, &d, 8);
}

/* own: none  raises: no  runs-js: no */
static void qjs_limit_step_key(JSContext *ctx, QJSLimits *l, JSAtom atom)
{
    JSValue s;
    JSString *p;
    uint32_t n;

    if (!l->reached)
        return;
    s = JS_AtomToString(ctx, atom);
    if (JS_IsException(s)) {
        JS_FreeValue(ctx, JS_GetException(ctx));
        return;
    }
    p = JS_VALUE_GET_STRING(s);
    n = min_uint32(p->len, QJS_LIMIT_KEY_MAX);
    l->steps++;
    dbuf_putc(&l->path, p->is_wide_char ? QJS_TAPE_UTF16 : QJS_TAPE_LATIN1);
    dbuf_put_u32(&l->path, n);
    dbuf_put(&l->path, strv(p), (size_t)n << p->is_wide_char);
    JS_FreeValue(ctx, s);
}

/* The record that stands for the whole value. own: none  raises: yes  runs-js: no */
static int qjs_limit_write(JSContext *ctx, QJSLimits *l)
{
    DynBuf *out = qjs_out_begin();
    dbuf_putc(out, QJS_TAPE_LIMIT);
    dbuf_putc(out, l->which);
    dbuf_put_u32(out, l->steps);
    dbuf_put(out, l->path.buf, l->path.size);
    if (dbuf_error(out) || dbuf_error(&l->path)) {
        JS_ThrowOutOfMemory(ctx);
        return -1;
    }
    return 0;
}
