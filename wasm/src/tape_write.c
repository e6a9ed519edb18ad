/* Guest to host: JS values become tape records. Runs no JS: accessors are left
 * out and proxies cross as roots. The graph does not change while it is written. */

typedef struct QJSWriteCall {
    QJSWriter *w;
    JSValueConst v;
    bool only;
    int ret;
} QJSWriteCall;

static int qjs_write_compound(QJSWriter *w, JSValueConst v, bool only);

static void qjs_write_run(void *args)
{
    QJSWriteCall *c = args;
    c->ret = qjs_write_compound(c->w, c->v, c->only);
}

static no_inline int qjs_write_in_segment(QJSWriter *w, JSValueConst v, bool only)
{
    QJSWriteCall c = { w, v, only, -1 };
    qjs_segment_call(w->ctx->rt, 0, qjs_write_run, &c);
    return c.ret;
}

/* What is no number or the like. own: none  raises: yes  runs-js: no */
static int qjs_write_compound(QJSWriter *w, JSValueConst v, bool only)
{
    JSContext *ctx = w->ctx;
    JSObject *p;

    if (js_segment_full(ctx->rt, 0))
        return qjs_write_in_segment(w, v, only);
    if (js_check_stack_overflow(ctx->rt, 0)) {
        JS_ThrowStackOverflow(ctx);
        return -1;
    }
    if (dbuf_error(w->out) || js_check_aborting(ctx))
        return -1;
    switch (JS_VALUE_GET_TAG(v)) {
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
        case QJS_KIND_REG_EXP:
        case QJS_KIND_ERROR:
        case QJS_KIND_ARRAY_BUFFER:
        case QJS_KIND_TYPED_ARRAY:
            return qjs_write_plain(w, p, only);
        case QJS_KIND_BOXED:
            return qjs_write_value(w, p->u.object_data);
        }
        return qjs_write_root(w, v);
    }
    return qjs_put_tag(w, QJS_TAPE_UNDEFINED);
}

static inline int qjs_write_any(QJSWriter *w, JSValueConst v, bool only)
{
    uint8_t *p;
    double d;

    if (unlikely(w->out->allocated_size - w->out->size < 9) && dbuf_claim(w->out, 9))
        return -1;
    if (qjs_limit_bytes(w->limits, w->out->size) < 0)
        return -1;
    p = w->out->buf + w->out->size;
    switch (JS_VALUE_GET_NORM_TAG(v)) {
    case JS_TAG_INT:
        *p = QJS_TAPE_INT;
        put_u32(p + 1, JS_VALUE_GET_INT(v));
        w->out->size += 5;
        return 0;
    case JS_TAG_FLOAT64:
        d = JS_VALUE_GET_FLOAT64(v);
        *p = QJS_TAPE_FLOAT;
        memcpy(p + 1, &d, 8);
        w->out->size += 9;
        return 0;
    case JS_TAG_BOOL:
        *p = JS_VALUE_GET_BOOL(v) ? QJS_TAPE_TRUE : QJS_TAPE_FALSE;
        w->out->size++;
        return 0;
    case JS_TAG_NULL:
        *p = QJS_TAPE_NULL;
        w->out->size++;
        return 0;
    case JS_TAG_STRING:
    case JS_TAG_STRING_ROPE:
        return qjs_write_string(w, v);
    }
    return qjs_write_compound(w, v, only);
}

/* own: none  raises: yes, unless a limit was reached  runs-js: no */
static int qjs_write_value(QJSWriter *w, JSValueConst v)
{
    return qjs_write_any(w, v, false);
}

/* The same for a value that the container being written holds a reference of its
   own to. */
static int qjs_write_item(QJSWriter *w, JSValueConst v)
{
    return qjs_write_any(w, v, true);
}

static void qjs_limit_key(QJSWriter *w, JSAtom atom)
{
    qjs_limit_step_key(w->ctx, w->limits, atom);
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
    qjs_write_shapes_free(w);
}

/* Write v, whole, as the host's tape; or that it exceeds the limits, if that was
   not known before.
   own: none  raises: yes  runs-js: no */
static int qjs_export(JSContext *ctx, JSValueConst v, QJSLimits *limits)
{
    QJSWriter w = { ctx, qjs_out_begin() };
    int ret;

    w.limits = limits;
    qjs_quiet_begin();
    ret = limits->reached ? -1 : qjs_write_value(&w, v);
    if (dbuf_error(w.out))
        ret = -1;
    qjs_writer_end(&w, ret < 0);
    if (limits->reached)
        ret = qjs_limit_write(ctx, limits);
    qjs_quiet_end();
    qjs_out_end();
    return ret;
}
