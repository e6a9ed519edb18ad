/* Writing an error's stack: frames shared with the cause are folded, the text is indented. */

typedef struct QJSLine {
    const uint8_t *text;
    size_t len;
} QJSLine;

/* Splits [p, end) into lines; returns their number, or 0 if there are more than the table holds. */
static int qjs_stack_split(const uint8_t *p, const uint8_t *end, QJSLine *tab)
{
    int n = 0;

    while (p <= end) {
        const uint8_t *q = p < end ? memchr(p, '\n', end - p) : NULL;
        if (n == QJS_ERROR_FRAMES_MAX)
            return 0;
        if (!q)
            q = end;
        tab[n++] = (QJSLine){ p, q - p };
        p = q + 1;
    }
    return n;
}

static bool qjs_stack_same(const QJSLine *a, const QJSLine *b)
{
    return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

/* Finds the first run of more than three equal lines; returns its length and its place in a. */
static int qjs_stack_common(const QJSLine *a, int na, const QJSLine *b, int nb, int *offset)
{
    int i, pos, len, max;

    for (i = 0; i < na - 3; i++) {
        for (pos = 0; pos < nb && !qjs_stack_same(&a[i], &b[pos]); pos++)
            continue;
        max = nb - pos < na - i ? nb - pos : na - i;
        for (len = 0; len < max && qjs_stack_same(&a[i + len], &b[pos + len]); len++)
            continue;
        if (len > 3 && nb - pos > 3) {
            *offset = i;
            return len;
        }
    }
    return 0;
}

/* The stack of an error's cause, empty if the cause is no error. */
static int qjs_stack_of_cause(QJSInspect *s, JSObject *p, DynBuf *out)
{
    QJSSlot slot;
    JSObject *cause;
    int ret = 0;

    if (qjs_slot_find(s->ctx, p, JS_ATOM_cause, &slot, NULL))
        return -1;
    cause = qjs_object_of(slot.value);
    if (cause && cause->class_id != JS_CLASS_PROXY && qjs_error_is(s->ctx, cause))
        ret = qjs_error_stack(s, cause, out);
    qjs_slot_free(s->ctx, &slot);
    return ret;
}

/* Writes [p, end) with the indentation of the place. */
static void qjs_stack_put_indented(QJSInspect *s, const uint8_t *p, const uint8_t *end)
{
    for (; p < end && s->text.size <= s->limit; p++) {
        dbuf_putc(&s->text, *p);
        if (*p == '\n')
            qjs_inspect_spaces(&s->text, s->indent);
    }
}

/* Writes the frames, which start at `from`, without those that the cause's stack repeats. */
static int qjs_stack_put_frames(QJSInspect *s, JSObject *p, const uint8_t *from, const uint8_t *end)
{
    QJSLine *lines;
    DynBuf cause;
    const uint8_t *frames;
    int n, n_cause, offset = 0, common = 0, ret = -1;

    js_dbuf_init(s->ctx, &cause);
    lines = js_malloc(s->ctx, 2 * QJS_ERROR_FRAMES_MAX * sizeof(*lines));
    if (!lines || qjs_stack_of_cause(s, p, &cause))
        goto done;
    n = qjs_stack_split(from, end, lines);
    frames = cause.size ? qjs_error_search(cause.buf, cause.buf + cause.size, "\n    at", 7) : NULL;
    if (frames) {
        n_cause = qjs_stack_split(frames + 1, cause.buf + cause.size, lines + QJS_ERROR_FRAMES_MAX);
        common = qjs_stack_common(lines, n, lines + QJS_ERROR_FRAMES_MAX, n_cause, &offset);
    }
    if (common > 0) {
        int skipped = common - 2;
        qjs_stack_put_indented(s, from, lines[offset + 1].text);
        qjs_style_on(s, QJS_STYLE_UNDEFINED);
        dbuf_printf(&s->text, "    ... %d lines matching cause stack trace ...", skipped);
        qjs_style_off(s, QJS_STYLE_UNDEFINED);
        from = lines[offset + skipped].text + lines[offset + skipped].len;
    }
    qjs_stack_put_indented(s, from, end);
    ret = 0;
done:
    js_free(s->ctx, lines);
    dbuf_free(&cause);
    return ret;
}

/* Writes an error without its properties, and adjusts the keys that are still to be listed.
   own: none  borrow: p  raises: yes  runs-js: no */
static int qjs_inspect_error(QJSInspect *s, JSObject *p, const QJSName *ctor, const QJSName *tag, QJSKeys *keys)
{
    JSContext *ctx = s->ctx;
    DynBuf stack, name, message;
    const uint8_t *from, *end, *at = NULL;
    int ret = -1, found;

    js_dbuf_init(ctx, &stack);
    js_dbuf_init(ctx, &name);
    js_dbuf_init(ctx, &message);
    found = qjs_error_field(s, p, JS_ATOM_name, &name);
    if (found < 0)
        goto done;
    if (found == 0)
        dbuf_putstr(&name, "Error");
    if (qjs_error_stack(s, p, &stack) || qjs_error_field(s, p, JS_ATOM_message, &message) < 0 ||
        qjs_error_drop_keys(s, p, &stack, keys) || qjs_error_add_keys(s, p, keys) ||
        qjs_error_improve(s, &name, ctor, tag, &stack))
        goto done;
    /* The message may hold lines that look like frames: the frames start after it. */
    from = stack.buf;
    end = stack.buf + stack.size;
    if (message.size > 0 && stack.size > 0) {
        at = qjs_error_search(stack.buf, end, (char *)message.buf, message.size);
        if (at && at > stack.buf)
            from = at + message.size;
    }
    at = stack.size ? qjs_error_search(from, end, "\n    at", 7) : NULL;
    if (at) {
        qjs_stack_put_indented(s, stack.buf, at + 1);
        if (qjs_stack_put_frames(s, p, at + 1, end))
            goto done;
    } else {
        qjs_inspect_put(s, "[");
        qjs_stack_put_indented(s, stack.buf, end);
        qjs_inspect_put(s, "]");
    }
    ret = qjs_inspect_check(s);
done:
    dbuf_free(&stack);
    dbuf_free(&name);
    dbuf_free(&message);
    return ret;
}
