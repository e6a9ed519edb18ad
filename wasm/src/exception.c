/* JS exceptions as the host sees them, and Go errors as scripts see them. */

static JSAtom qjs_host_ref_atom; /* private: a property under it is invisible to scripts */

#define QJS_CAUSE_DEPTH 16

static int qjs_exception_init(JSContext *ctx)
{
    JSValue sym = JS_NewPrivateSymbol(ctx, "hostReference");
    if (JS_IsException(sym))
        return -1;
    qjs_host_ref_atom = JS_ValueToAtom(ctx, sym);
    JS_FreeValue(ctx, sym);
    return qjs_host_ref_atom == JS_ATOM_NULL ? -1 : 0;
}

/* A plain data property of p or its prototypes, borrowed; undefined if there is
   none. Looks only at ordinary objects, so no script code runs. */
static JSValueConst qjs_data_property(JSObject *p, JSAtom atom)
{
    JSProperty *pr;
    JSShapeProperty *prs;
    int depth;

    for (depth = 0; p && depth < 1000; depth++) {
        if (p->class_id == JS_CLASS_PROXY)
            break;
        prs = find_own_property(&pr, p, atom);
        if (prs)
            return (prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL ? pr->u.value : JS_UNDEFINED;
        p = p->shape->proto;
    }
    return JS_UNDEFINED;
}

/* The handle of the Go error that an Error object stands for, or 0. */
static uint64_t qjs_error_handle(JSObject *p)
{
    JSProperty *pr;
    JSShapeProperty *prs;
    QJSRecord *r;

    if (p->class_id != JS_CLASS_ERROR)
        return 0;
    prs = find_own_property(&pr, p, qjs_host_ref_atom);
    if (!prs || (prs->flags & JS_PROP_TMASK) != JS_PROP_NORMAL)
        return 0;
    r = JS_GetOpaque(pr->u.value, qjs_host_ref_class);
    return r ? r->handle : 0;
}

/* A string of which the host wants no more than the beginning. A long rope is not
   made flat: that takes memory in proportion to its length.
   own: none  raises: yes  runs-js: no */
static int qjs_write_clipped(QJSWriter *w, JSValueConst v)
{
    uint32_t i, n = QJS_ERROR_TEXT_MAX + 1;
    JSString *s;

    if (string_rope_get_len(v) <= n)
        return qjs_write_string(w, v);
    if (JS_VALUE_GET_TAG(v) == JS_TAG_STRING_ROPE) {
        qjs_put_tag(w, QJS_TAPE_UTF16);
        dbuf_put_u32(w->out, n);
        for (i = 0; i < n; i++)
            dbuf_put_u16(w->out, string_rope_get(v, i));
        return 0;
    }
    s = JS_VALUE_GET_STRING(v);
    qjs_put_tag(w, s->is_wide_char ? QJS_TAPE_UTF16 : QJS_TAPE_LATIN1);
    dbuf_put_u32(w->out, n);
    dbuf_put(w->out, strv(s), (size_t)n << s->is_wide_char);
    return 0;
}

static int qjs_write_string_or_empty(QJSWriter *w, JSValueConst v)
{
    if (JS_IsString(v))
        return qjs_write_clipped(w, v);
    qjs_write_cstring(w, "");
    return 0;
}

/* name, message and stack of an Error object */
static int qjs_write_error_text(QJSWriter *w, JSObject *p)
{
    JSValueConst stack = qjs_data_property(p, JS_ATOM_stack);
    if (p->class_id == JS_CLASS_ERROR && JS_IsString(p->u.object_data))
        stack = p->u.object_data;
    if (qjs_write_string_or_empty(w, qjs_data_property(p, JS_ATOM_name)) < 0 ||
        qjs_write_string_or_empty(w, qjs_data_property(p, JS_ATOM_message)) < 0)
        return -1;
    return qjs_write_string_or_empty(w, stack);
}

/* What to say of a thrown value that is no Error. */
static int qjs_write_thrown_text(QJSWriter *w, JSValueConst v)
{
    JSContext *ctx = w->ctx;
    DynBuf text;
    int ret = 0;

    qjs_write_cstring(w, "");
    if (JS_IsString(v)) {
        ret = qjs_write_clipped(w, v);
    } else {
        QJSInspectOptions opt = qjs_inspect_defaults;
        opt.depth = 1;
        opt.max_output_bytes = 1024;
        js_dbuf_init(ctx, &text);
        if (qjs_inspect(ctx, &text, v, &opt) < 0) {
            JS_FreeValue(ctx, JS_GetException(ctx));
            text.size = 0;
        }
        qjs_put_tag(w, QJS_TAPE_UTF8);
        dbuf_put_u32(w->out, text.size);
        dbuf_put(w->out, text.buf, text.size);
        dbuf_free(&text);
    }
    qjs_write_cstring(w, "");
    return ret;
}

/* own: none  raises: yes  runs-js: no */
static int qjs_write_error_depth(QJSWriter *w, JSValueConst v, uint32_t flags, int depth)
{
    JSObject *p = JS_IsObject(v) ? JS_VALUE_GET_OBJ(v) : NULL;
    JSValueConst cause;
    uint64_t handle = 0;
    bool is_error = p && (p->class_id == JS_CLASS_ERROR || p->class_id == JS_CLASS_DOM_EXCEPTION);

    flags &= ~QJS_ERROR_IS_ERROR;
    if (is_error) {
        flags |= QJS_ERROR_IS_ERROR;
        handle = qjs_error_handle(p);
        if (p->class_id == JS_CLASS_ERROR) {
            if (p->limit_error == JS_LIMIT_ERROR_MEMORY)
                flags |= QJS_ERROR_MEMORY;
            if (p->limit_error == JS_LIMIT_ERROR_STACK)
                flags |= QJS_ERROR_STACK;
        }
    }
    qjs_put_tag(w, QJS_TAPE_ERROR);
    dbuf_put_u32(w->out, flags);
    dbuf_put_u64(w->out, handle);
    if (is_error) {
        if (qjs_write_error_text(w, p) < 0)
            return -1;
    } else if (qjs_write_thrown_text(w, flags & QJS_ERROR_UNCATCHABLE ? JS_UNDEFINED : v) < 0) {
        return -1;
    }
    /* Nobody may handle an abort, so its object stays behind: a host that raises
       a panic again reads no tape, and a root in it would never be released. */
    if (flags & QJS_ERROR_UNCATCHABLE)
        qjs_put_tag(w, QJS_TAPE_UNDEFINED);
    else if ((p ? qjs_write_root(w, v) : qjs_write_value(w, v)) < 0)
        return -1;
    cause = is_error ? qjs_data_property(p, JS_ATOM_cause) : JS_UNDEFINED;
    if (JS_IsUndefined(cause) || depth >= QJS_CAUSE_DEPTH)
        return qjs_put_tag(w, QJS_TAPE_HOLE);
    return qjs_write_error_depth(w, cause, 0, depth + 1);
}

/* own: none  raises: yes  runs-js: no */
static int qjs_write_error(QJSWriter *w, JSValueConst v, uint32_t flags)
{
    return qjs_write_error_depth(w, v, flags, 0);
}

/* Describe the pending exception on the tape and clear it. Memory may be the
   very thing that is missing: then a record without text is written into the
   in buffer, which always exists. own: none  raises: no  runs-js: no */
static uint32_t qjs_exception_take(JSContext *ctx)
{
    static const uint8_t bare[] = {
        QJS_TAPE_ERROR, QJS_ERROR_MEMORY | QJS_ERROR_IS_ERROR, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        QJS_TAPE_LATIN1, 13, 0, 0, 0, 'I', 'n', 't', 'e', 'r', 'n', 'a', 'l', 'E', 'r', 'r', 'o', 'r',
        QJS_TAPE_LATIN1, 13, 0, 0, 0, 'o', 'u', 't', ' ', 'o', 'f', ' ', 'm', 'e', 'm', 'o', 'r', 'y',
        QJS_TAPE_LATIN1, 0, 0, 0, 0, QJS_TAPE_UNDEFINED, QJS_TAPE_HOLE,
    };
    JSValue exc = JS_GetException(ctx);
    QJSLimits limits;
    QJSWriter w = { ctx, qjs_out_begin() };
    uint32_t flags = 0;
    int ret;

    if (ctx->rt->aborting) { /* it ends here, at the host */
        flags = QJS_ERROR_UNCATCHABLE;
        ctx->rt->aborting = false;
    }
    qjs_limits_init(ctx, &limits, 0, 0, 0);
    w.limits = &limits;
    qjs_shielded++;
    qjs_quiet_begin();
    qjs_reserve_open(ctx->rt);
    ret = qjs_write_error(&w, exc, flags);
    if (dbuf_error(&qjs_out))
        ret = -1;
    qjs_writer_end(&w, ret < 0);
    JS_FreeValue(ctx, exc);
    if (ret < 0) {
        JS_FreeValue(ctx, JS_GetException(ctx));
        dbuf_free(&qjs_out);
        js_dbuf_init(ctx, &qjs_out);
        qjs_in_reset();
        memcpy(qjs_in_static, bare, sizeof(bare));
        qjs_in_static[1] |= flags;
        qjs_io_block.out_ptr = (uint32_t)(uintptr_t)qjs_in_static;
        qjs_io_block.out_len = sizeof(bare);
    } else {
        qjs_out_end();
    }
    qjs_reserve_close(ctx->rt);
    qjs_quiet_end();
    qjs_shielded--;
    return QJS_STATUS_THROW;
}

/* An Error object that stands for a Go error: class, handle, message, cause.
   own: ret  raises: yes  runs-js: no */
static JSValue qjs_tape_error(QJSReader *r)
{
    JSContext *ctx = r->ctx;
    JSValue err, message, cause, ref;
    QJSRecord *rec;
    uint32_t class;
    uint64_t handle;

    if (!qjs_tape_take(r, &class, 4) || !qjs_tape_take(r, &handle, 8))
        return qjs_tape_malformed(r);
    message = qjs_tape_string_record(r);
    if (JS_IsException(message))
        return message;
    if (r->p < r->end && *r->p == QJS_TAPE_HOLE) {
        r->p++;
        cause = JS_UNINITIALIZED;
    } else {
        cause = qjs_tape_value(r);
        if (JS_IsException(cause)) {
            JS_FreeValue(ctx, message);
            return cause;
        }
    }
    err = class < JS_NATIVE_ERROR_COUNT
        ? JS_NewObjectProtoClass(ctx, ctx->native_error_proto[class], JS_CLASS_ERROR)
        : JS_NewObjectClass(ctx, JS_CLASS_ERROR);
    if (JS_IsException(err)) {
        JS_FreeValue(ctx, message);
        JS_FreeValue(ctx, cause);
        return err;
    }
    if (JS_DefinePropertyValue(ctx, err, JS_ATOM_message, message,
                               JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0) {
        JS_FreeValue(ctx, cause);
        goto fail;
    }
    if (!JS_IsUninitialized(cause) &&
        JS_DefinePropertyValue(ctx, err, JS_ATOM_cause, cause,
                               JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0)
        goto fail;
    if (handle) {
        rec = qjs_record_new(ctx, handle, 0);
        if (!rec)
            goto fail;
        ref = qjs_record_object(ctx, rec, JS_NULL, qjs_host_ref_class);
        if (JS_IsException(ref) || JS_DefinePropertyValue(ctx, err, qjs_host_ref_atom, ref, 0) < 0)
            goto fail;
    }
    build_backtrace(ctx, err, JS_UNDEFINED, NULL, 0, 0, 0);
    return err;
fail:
    JS_FreeValue(ctx, err);
    return JS_EXCEPTION;
}
