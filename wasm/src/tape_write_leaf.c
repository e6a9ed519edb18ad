/* Guest to host: strings, BigInts and what stays in the guest. */

/* A flat string. own: none  raises: no */
static void qjs_write_flat(QJSWriter *w, JSString *s)
{
    size_t size = (size_t)s->len << s->is_wide_char;
    uint8_t *p;

    if (dbuf_claim(w->out, size + 5))
        return;
    p = w->out->buf + w->out->size;
    *p = s->is_wide_char ? QJS_TAPE_UTF16 : QJS_TAPE_LATIN1;
    put_u32(p + 1, s->len);
    memcpy(p + 5, strv(s), size);
    w->out->size += size + 5;
}

/* own: none  raises: yes  runs-js: no */
static int qjs_write_string(QJSWriter *w, JSValueConst v)
{
    if (qjs_limit_bytes(w->limits, w->out->size + string_rope_get_len(v)) < 0)
        return -1;
    if (JS_VALUE_GET_TAG(v) == JS_TAG_STRING_ROPE) {
        JSValue flat = js_linearize_string_rope(w->ctx, v);
        if (JS_IsException(flat))
            return -1;
        qjs_write_flat(w, JS_VALUE_GET_STRING(flat));
        JS_FreeValue(w->ctx, flat);
    } else {
        qjs_write_flat(w, JS_VALUE_GET_STRING(v));
    }
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
