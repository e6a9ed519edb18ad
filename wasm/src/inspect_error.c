/* Errors: header, stack, and the properties that the stack does not already tell. */

#define QJS_ERROR_FRAMES_MAX 256 /* longer stacks are not compared with the cause's */

static bool qjs_error_is(JSContext *ctx, JSObject *p)
{
    JSObject *error_proto = qjs_object_of(ctx->class_proto[JS_CLASS_ERROR]);

    if (p->class_id == JS_CLASS_ERROR || p->class_id == JS_CLASS_DOM_EXCEPTION)
        return true;
    for (; p && p->class_id != JS_CLASS_PROXY; p = p->shape->proto) {
        if (p->shape->proto == error_proto)
            return error_proto != NULL;
    }
    return false;
}

/* Appends a property as text if it is a data property with a primitive. Returns 1 if it was there and not undefined.
   own: none  borrow: p  raises: yes  runs-js: no */
static int qjs_error_field(QJSInspect *s, JSObject *p, JSAtom atom, DynBuf *out)
{
    JSContext *ctx = s->ctx;
    QJSSlot slot;
    JSValue str;
    int ret = 0;

    if (p->class_id == JS_CLASS_DOM_EXCEPTION && (atom == JS_ATOM_name || atom == JS_ATOM_message)) {
        JSDOMExceptionData *d = p->u.opaque;
        slot = (QJSSlot){ .value = JS_UNDEFINED };
        if (d)
            slot.value = js_dup(atom == JS_ATOM_name ? d->name : d->message);
    } else if (qjs_slot_find(ctx, p, atom, &slot, NULL)) {
        return -1;
    }
    if (!JS_IsUndefined(slot.value) && !JS_IsNull(slot.value) && !JS_IsObject(slot.value) && !JS_IsSymbol(slot.value)) {
        str = JS_ToStringInternal(ctx, slot.value, JS_TO_STRING_NO_SIDE_EFFECTS);
        ret = JS_IsException(str) ? -1 : 1;
        if (ret > 0)
            qjs_text_put_string(ctx, out, str, s->limit);
        JS_FreeValue(ctx, str);
    }
    qjs_slot_free(ctx, &slot);
    return out->error ? -1 : ret;
}

/* Appends what Error.prototype.toString would say. */
static int qjs_error_header(QJSInspect *s, JSObject *p, DynBuf *out)
{
    size_t start = out->size, after_name;
    int ret = qjs_error_field(s, p, JS_ATOM_name, out);

    if (ret < 0)
        return -1;
    if (ret == 0)
        dbuf_putstr(out, "Error");
    after_name = out->size;
    if (after_name > start)
        dbuf_putstr(out, ": ");
    ret = out->size;
    if (qjs_error_field(s, p, JS_ATOM_message, out) < 0)
        return -1;
    if (out->size == (size_t)ret)
        out->size = after_name;
    return out->error ? -1 : 0;
}

/* Appends the stack with its header. The engine keeps the frames alone, so the header is made here, unless a script has
   set the stack itself.
   own: none  borrow: p  raises: yes  runs-js: no */
static int qjs_error_stack(QJSInspect *s, JSObject *p, DynBuf *out)
{
    JSContext *ctx = s->ctx;
    DynBuf frames;
    QJSSlot slot;
    int ret = -1;

    js_dbuf_init(ctx, &frames);
    if (qjs_slot_find(ctx, p, JS_ATOM_stack, &slot, NULL))
        goto done;
    if (JS_IsString(slot.value))
        qjs_text_put_string(ctx, &frames, slot.value, s->limit);
    else if (p->class_id == JS_CLASS_ERROR && JS_IsString(p->u.object_data))
        qjs_text_put_string(ctx, &frames, p->u.object_data, s->limit);
    qjs_slot_free(ctx, &slot);
    if (frames.error)
        goto done;
    while (frames.size > 0 && frames.buf[frames.size - 1] == '\n')
        frames.size--;
    if (frames.size > 0 && (frames.size < 7 || memcmp(frames.buf, "    at ", 7))) {
        dbuf_put(out, frames.buf, frames.size);
    } else {
        if (qjs_error_header(s, p, out))
            goto done;
        if (frames.size > 0)
            dbuf_putc(out, '\n');
        dbuf_put(out, frames.buf, frames.size);
    }
    ret = out->error ? -1 : 0;
done:
    dbuf_free(&frames);
    return ret;
}

static const uint8_t *qjs_error_search(const uint8_t *from, const uint8_t *end, const char *what, size_t len)
{
    return from <= end ? memmem(from, end - from, what, len) : NULL;
}

/* Takes name, message and stack out of the listed keys where the stack shows their value. */
static int qjs_error_drop_keys(QJSInspect *s, JSObject *p, const DynBuf *stack, QJSKeys *keys)
{
    static const JSAtom atoms[] = { JS_ATOM_name, JS_ATOM_message, JS_ATOM_stack };
    DynBuf value;
    int at, ret;

    for (size_t i = 0; i < countof(atoms) && !s->opt.show_hidden; i++) {
        at = qjs_keys_find(keys, atoms[i]);
        if (at < 0)
            continue;
        js_dbuf_init(s->ctx, &value);
        ret = qjs_error_field(s, p, atoms[i], &value);
        if (ret > 0 && (atoms[i] == JS_ATOM_stack || value.size == 0 ||
                        qjs_error_search(stack->buf, stack->buf + stack->size, (char *)value.buf, value.size)))
            qjs_keys_remove(keys, at);
        dbuf_free(&value);
        if (ret < 0)
            return -1;
    }
    return 0;
}

/* Adds `cause` and `errors`, which are not enumerable. */
static int qjs_error_add_keys(QJSInspect *s, JSObject *p, QJSKeys *keys)
{
    static const JSAtom atoms[] = { JS_ATOM_cause, JS_ATOM_errors };
    JSObject *list;
    QJSSlot slot;
    bool show;

    for (size_t i = 0; i < countof(atoms); i++) {
        if (qjs_slot_find(s->ctx, p, atoms[i], &slot, NULL))
            return -1;
        list = qjs_object_of(slot.value);
        show = atoms[i] == JS_ATOM_cause ? slot.kind != QJS_SLOT_NONE : list && list->class_id == JS_CLASS_ARRAY;
        qjs_slot_free(s->ctx, &slot);
        if (show && qjs_keys_find(keys, atoms[i]) < 0 && qjs_keys_add(s, keys, atoms[i], 0))
            return -1;
    }
    return 0;
}

/* Length of the word at the start of a stack that names the error, for an object without constructor. */
static size_t qjs_error_guess(const uint8_t *p, size_t len)
{
    size_t i;

    for (i = 0; i < len && (lre_is_id_continue_byte(p[i]) || (p[i] && strchr("[]()- ", p[i]))) && p[i] != '$'; i++)
        continue;
    if (i >= 2 && p[0] >= 'A' && p[0] <= 'Z' &&
        ((i < len && p[i] == ':') || (i + 7 <= len && !memcmp(p + i, "\n    at", 7))))
        return i;
    for (i = 0; i < len && (lre_is_id_continue_byte(p[i]) || p[i] == '-') && p[i] != '$'; i++)
        continue;
    return i == len && len >= 5 && !memcmp(p + len - 5, "Error", 5) ? len : 0;
}

/* Makes the head of the stack say the class, as in `Foo [Error]: m`, when it only says the name.
   own: none  borrow: all  raises: yes  runs-js: no */
static int qjs_error_improve(QJSInspect *s, const DynBuf *name, const QJSName *ctor, const QJSName *tag, DynBuf *stack)
{
    size_t len = name->size, start = s->text.size, prefix_len;
    char fallback[64] = "Error";
    DynBuf out;

    if (!ctor->absent) {
        if (len < 5 || memcmp(name->buf + len - 5, "Error", 5) || stack->size < len ||
            memcmp(stack->buf, name->buf, len) ||
            (stack->size > len && stack->buf[len] != ':' && stack->buf[len] != '\n'))
            return 0;
    } else {
        len = qjs_error_guess(stack->buf, stack->size);
        if (len > 0)
            snprintf(fallback, sizeof(fallback), "%.*s", (int)min_uint32(len, 63), stack->buf);
    }
    qjs_name_put_prefix(s, ctor, tag, fallback, "");
    if (s->text.error)
        return -1;
    prefix_len = s->text.size - start;
    js_dbuf_init(s->ctx, &out);
    if (prefix_len != name->size || memcmp(s->text.buf + start, name->buf, prefix_len)) {
        bool inside = !name->size || memmem(s->text.buf + start, prefix_len, name->buf, name->size);
        dbuf_put(&out, s->text.buf + start, prefix_len);
        if (inside && len == 0) {
            dbuf_putstr(&out, ": ");
        } else if (!inside) {
            dbuf_putstr(&out, " [");
            dbuf_put(&out, name->buf, name->size);
            dbuf_putstr(&out, "]");
        }
        dbuf_put(&out, stack->buf + len, stack->size - len);
        stack->size = 0;
        dbuf_put(stack, out.buf, out.size);
    }
    s->text.size = start;
    if (out.error)
        dbuf_set_error(stack);
    dbuf_free(&out);
    return stack->error ? -1 : 0;
}
