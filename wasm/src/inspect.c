/* qjs_inspect: a value as Node's util.inspect prints it, without running script code.

   Where Node would call a getter, a trap or a user's toString, this does not: an accessor Symbol.toStringTag or `name`
   counts as absent, a chain of proxies shows its last target. */

/* `key: value`, or the value alone for an element of an array.
   own: none  borrow: p  raises: yes  runs-js: no */
static int qjs_inspect_property(QJSInspect *s, JSObject *p, JSAtom atom, int depth, bool value_only)
{
    QJSSlot slot;
    int ret = -1;

    if (qjs_slot_read(s->ctx, p, atom, &slot))
        return -1;
    if (slot.kind == QJS_SLOT_NONE) {
        /* An error's `cause` may be inherited. */
        if (qjs_slot_find(s->ctx, p, atom, &slot, NULL))
            return -1;
        slot.enumerable = true;
    }
    if (!value_only) {
        if (qjs_inspect_key(s, atom, slot.enumerable))
            goto done;
        qjs_inspect_put(s, ": ");
    }
    ret = 0;
    if (slot.kind == QJS_SLOT_UNSET) {
        qjs_style_put(s, QJS_STYLE_SPECIAL, "<uninitialized>");
    } else if (slot.kind != QJS_SLOT_ACCESSOR || !(slot.has_get || slot.has_set)) {
        s->indent += 2;
        ret = qjs_inspect_value(s, slot.value, depth);
        s->indent -= 2;
    } else if (slot.has_get) {
        qjs_style_put(s, QJS_STYLE_SPECIAL, slot.has_set ? "[Getter/Setter]" : "[Getter]");
    } else {
        qjs_style_put(s, QJS_STYLE_SPECIAL, "[Setter]");
    }
done:
    qjs_slot_free(s->ctx, &slot);
    return ret;
}

static int qjs_inspect_circular(QJSInspect *s, JSObject *p)
{
    char buf[32];
    int ref = qjs_view_reference(s, p);

    if (!ref) {
        if (js_resize_array(s->ctx, (void **)&s->circular, sizeof(s->circular[0]), &s->circular_size,
                            s->circular_count + 1))
            return -1;
        s->circular[s->circular_count++] = p;
        ref = s->circular_count;
    }
    snprintf(buf, sizeof(buf), "[Circular *%d]", ref);
    qjs_style_put(s, QJS_STYLE_SPECIAL, buf);
    return 0;
}

/* Proxy [ target, handler ], for %o. */
static int qjs_inspect_proxy(QJSInspect *s, JSProxyData *d, int depth)
{
    QJSFrame f = { s->text.size, s->text.size, s->mark_count };

    if (depth > s->max_depth) {
        qjs_style_put(s, QJS_STYLE_SPECIAL, "Proxy [Array]");
        return 0;
    }
    qjs_inspect_put(s, "Proxy [");
    s->indent += 2;
    if (qjs_inspect_mark(s) || qjs_inspect_value(s, d->target, depth + 1) || qjs_inspect_mark(s) ||
        qjs_inspect_value(s, d->handler, depth + 1))
        return -1;
    s->indent -= 2;
    return qjs_inspect_reduce(s, &f, "]", true, depth + 1, 0, NULL);
}

/* The object that a value stands for: the target behind any number of proxies, NULL for a revoked one. */
static JSObject *qjs_inspect_target(JSObject *p)
{
    while (p && p->class_id == JS_CLASS_PROXY)
        p = p->u.proxy_data->is_revoked ? NULL : qjs_object_of(p->u.proxy_data->target);
    return p;
}

/* Formats a value at a depth of nesting (0 = the inspected one).
   own: none  borrow: v  raises: yes  runs-js: no */
static int qjs_inspect_value(QJSInspect *s, JSValueConst v, int depth)
{
    JSObject *p = qjs_object_of(v);

    if (s->truncated)
        return 0;
    if (qjs_inspect_check(s))
        return -1;
    if (!p)
        return qjs_inspect_primitive(s, v);
    if (js_check_stack_overflow(s->ctx->rt, QJS_INSPECT_STACK_SPARE)) {
        qjs_style_put(s, QJS_STYLE_SPECIAL, "[Inspection interrupted prematurely. Maximum call stack size exceeded.]");
        return 0;
    }
    if (p->class_id == JS_CLASS_PROXY && s->opt.show_proxy && !p->u.proxy_data->is_revoked)
        return qjs_inspect_proxy(s, p->u.proxy_data, depth);
    p = qjs_inspect_target(p);
    if (!p) {
        qjs_style_put(s, QJS_STYLE_SPECIAL, "<Revoked Proxy>");
        return 0;
    }
    for (int i = 0; i < s->seen_count; i++) {
        if (s->seen[i] == p)
            return qjs_inspect_circular(s, p);
    }
    return qjs_inspect_object(s, p, depth);
}

/* Moves the finished text to `out`, cut at the limit.
   own: none  borrow: none  raises: yes  runs-js: no */
static int qjs_inspect_flush(QJSInspect *s, DynBuf *out)
{
    size_t n = s->text.size;

    if (qjs_inspect_check(s))
        return -1;
    if (n > s->limit) {
        n = s->limit;
        while (n > 0 && (s->text.buf[n] & 0xc0) == 0x80)
            n--;
    }
    dbuf_put(out, s->text.buf, n);
    if (n < s->text.size)
        dbuf_putstr(out, "... truncated");
    if (out->error) {
        if (!JS_HasException(s->ctx))
            JS_ThrowOutOfMemory(s->ctx);
        return -1;
    }
    return 0;
}

/* Appends the text of v to out as UTF-8. Returns 0, or -1 with a pending exception. opt may be NULL.
   own: none  borrow: v  raises: yes  runs-js: no */
static int qjs_inspect(JSContext *ctx, DynBuf *out, JSValueConst v, const QJSInspectOptions *opt)
{
    QJSInspect s;
    int ret;

    qjs_inspect_init(&s, ctx, opt);
    ret = qjs_inspect_value(&s, v, 0);
    if (!ret)
        ret = qjs_inspect_flush(&s, out);
    qjs_inspect_done(&s);
    return ret;
}
