/* Exceptions on their way to the host, and Go errors as scripts see them. */

static int qjs_exception_init(JSContext *ctx)
{
    JSValue sym = JS_NewPrivateSymbol(ctx, "hostReference");
    if (JS_IsException(sym))
        return -1;
    qjs_host_ref_atom = JS_ValueToAtom(ctx, sym);
    JS_FreeValue(ctx, sym);
    return qjs_host_ref_atom == JS_ATOM_NULL ? -1 : 0;
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
        QJS_TAPE_LATIN1, 0, 0, 0, 0, QJS_TAPE_UNDEFINED, 0, 0, 0, 0,
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

/* The text of an Error that stands for a Go error, and its stack: that of the
   error it is part of, if there is one.
   own: none  borrow: err  raises: yes  runs-js: no */
static int qjs_tape_error_text(QJSReader *r, JSValueConst err)
{
    static const JSAtom atoms[] = { JS_ATOM_name, JS_ATOM_message };
    JSContext *ctx = r->ctx;
    uint32_t i;

    for (i = 0; i < countof(atoms); i++) {
        JSValue text = qjs_tape_string_record(r);
        if (JS_IsException(text))
            return -1;
        if (atoms[i] == JS_ATOM_name && JS_IsEmptyString(text)) /* that of its class */
            JS_FreeValue(ctx, text);
        else if (JS_DefinePropertyValue(ctx, err, atoms[i], text, JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0)
            return -1;
    }
    if (JS_IsUninitialized(r->stack)) {
        build_backtrace(ctx, err, JS_UNDEFINED, NULL, 0, 0, 0);
    } else {
        JS_FreeValue(ctx, JS_VALUE_GET_OBJ(err)->u.object_data);
        JS_VALUE_GET_OBJ(err)->u.object_data = js_dup(r->stack);
    }
    return 0;
}

/* The errors that a Go error wraps: a cause, or several. Returns whether there
   are any. own: none  borrow: err  raises: yes  runs-js: no */
static int qjs_tape_error_inner(QJSReader *r, JSValueConst err, uint32_t class)
{
    JSContext *ctx = r->ctx;
    JSValue v;
    uint32_t i, n;
    int ret = 0;

    if (r->p < r->end && *r->p == QJS_TAPE_HOLE) {
        r->p++;
    } else {
        v = qjs_tape_value(r);
        if (JS_IsException(v) ||
            JS_DefinePropertyValue(ctx, err, JS_ATOM_cause, v, JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0)
            return -1;
        ret = 1;
    }
    if (!qjs_tape_take(r, &n, 4)) {
        qjs_tape_malformed(r);
        return -1;
    }
    if (n == 0 && class != JS_AGGREGATE_ERROR)
        return ret;
    JSValue errors = JS_NewArray(ctx);
    if (JS_IsException(errors))
        return -1;
    for (i = 0; i < n; i++) {
        v = qjs_tape_value(r);
        if (JS_IsException(v) || JS_DefinePropertyValueUint32(ctx, errors, i, v, JS_PROP_C_W_E) < 0) {
            JS_FreeValue(ctx, errors);
            return -1;
        }
    }
    if (JS_DefinePropertyValue(ctx, err, JS_ATOM_errors, errors, JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0)
        return -1;
    return 1;
}

/* An Error object that stands for a Go error. own: ret  raises: yes  runs-js: no */
static JSValue qjs_tape_error(QJSReader *r)
{
    JSContext *ctx = r->ctx;
    JSValueConst outer = r->stack;
    JSValue err, ref;
    QJSRecord *rec;
    uint32_t class;
    uint64_t handle;
    int inner;

    if (!qjs_tape_take(r, &class, 4) || !qjs_tape_take(r, &handle, 8))
        return qjs_tape_malformed(r);
    err = class < JS_NATIVE_ERROR_COUNT
        ? JS_NewObjectProtoClass(ctx, ctx->native_error_proto[class], JS_CLASS_ERROR)
        : JS_NewObjectClass(ctx, JS_CLASS_ERROR);
    if (JS_IsException(err))
        return err;
    if (qjs_tape_error_text(r, err) < 0)
        goto fail;
    r->stack = JS_VALUE_GET_OBJ(err)->u.object_data;
    inner = qjs_tape_error_inner(r, err, class);
    r->stack = outer;
    if (inner < 0)
        goto fail;
    if (handle) {
        rec = qjs_record_new(ctx, handle, 0);
        if (!rec)
            goto fail;
        rec->flags = inner ? QJS_REF_INNER : 0;
        ref = qjs_record_object(ctx, rec, JS_NULL, qjs_host_ref_class);
        if (JS_IsException(ref) || JS_DefinePropertyValue(ctx, err, qjs_host_ref_atom, ref, 0) < 0)
            goto fail;
    }
    return err;
fail:
    JS_FreeValue(ctx, err);
    return JS_EXCEPTION;
}
