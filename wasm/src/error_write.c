/* Guest to host: an error with what is inside it, its cause and the members of an
 * AggregateError, level by level. What the list has no room for is not told. */

#define QJS_ERROR_INSPECTED_MAX 16   /* of what is no Error: more than the kind is told */
#define QJS_ERROR_VALUES_MAX (1 << 20) /* bytes of primitives inside, besides their text */

/* Static, since there may be no memory for it. No JS runs while it is in use. */
static struct {
    uint32_t count;
    uint32_t text;      /* code units that may still be written */
    uint32_t inspected;
    uint32_t digits;    /* large BigInts whose digits were written */
    uint32_t values;    /* bytes of primitives that may still be written */
    struct {
        JSValueConst value; /* borrowed */
        uint32_t parent;
        bool again;         /* it is the node of this number, which it is inside of */
        uint32_t number;
    } nodes[QJS_ERROR_TREE_MAX];
} qjs_error_tree;

/* Queue a value that is inside that of node i, if there is room for it. */
static uint32_t qjs_error_add(JSValueConst v, uint32_t i)
{
    uint32_t n = qjs_error_tree.count;

    if (n == QJS_ERROR_TREE_MAX)
        return 0;
    qjs_error_tree.nodes[n].value = v;
    qjs_error_tree.nodes[n].parent = i;
    qjs_error_tree.nodes[n].again = false;
    qjs_error_tree.count++;
    if (n == 0 || !JS_IsObject(v))
        return 1;
    for (;; i = qjs_error_tree.nodes[i].parent) {
        JSValueConst outer = qjs_error_tree.nodes[i].value;
        if (JS_IsObject(outer) && JS_VALUE_GET_OBJ(outer) == JS_VALUE_GET_OBJ(v)) {
            qjs_error_tree.nodes[n].again = true;
            qjs_error_tree.nodes[n].number = i;
            return 1;
        }
        if (i == 0)
            return 1;
    }
}

/* The elements of an Array. own: none  raises: no  runs-js: no */
static uint32_t qjs_error_add_array(JSObject *p, uint32_t i)
{
    JSProperty *pr;
    JSShapeProperty *prs;
    uint32_t k, added = 0;

    if (p->fast_array) {
        for (k = 0; k < p->u.array.count && qjs_error_tree.count < QJS_ERROR_TREE_MAX; k++)
            added += qjs_error_add(p->u.array.u.values[k], i);
        return added;
    }
    for (k = 0; k < QJS_ERROR_TREE_MAX; k++) { /* a frozen one */
        prs = find_own_property(&pr, p, __JS_AtomFromUInt32(k));
        if (!prs)
            break;
        if ((prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL)
            added += qjs_error_add(pr->u.value, i);
    }
    return added;
}

/* What is inside an Error object. Returns how much that is.
   own: none  raises: no  runs-js: no */
static uint32_t qjs_error_add_inner(JSContext *ctx, JSObject *p, uint32_t i, uint32_t *flags)
{
    QJSRecord *r = qjs_error_record(p);
    JSValueConst v;
    uint32_t added = 0;

    if (r && r->flags & QJS_REF_INNER) /* the Go error knows */
        return 0;
    v = qjs_data_property(p, JS_ATOM_cause);
    if (!JS_IsUndefined(v) && qjs_error_add(v, i)) {
        *flags |= QJS_ERROR_CAUSE;
        added++;
    }
    if (qjs_error_instance_of(ctx, p, JS_AGGREGATE_ERROR)) {
        v = qjs_data_property(p, JS_ATOM_errors);
        if (JS_IsObject(v) && JS_VALUE_GET_OBJ(v)->class_id == JS_CLASS_ARRAY)
            added += qjs_error_add_array(JS_VALUE_GET_OBJ(v), i);
    } else if (qjs_error_instance_of(ctx, p, JS_SUPPRESSED_ERROR)) {
        added += qjs_error_add(qjs_data_property(p, JS_ATOM_error), i);
        added += qjs_error_add(qjs_data_property(p, JS_ATOM_suppressed), i);
    }
    return added;
}

/* A string of which the host wants no more than the beginning. A long rope is not
   made flat: that takes memory in proportion to its length.
   own: none  raises: yes  runs-js: no */
static int qjs_write_clipped(QJSWriter *w, JSValueConst v)
{
    uint32_t i, len = string_rope_get_len(v);
    uint32_t n = min_uint32(QJS_ERROR_TEXT_MAX, qjs_error_tree.text) + 1;
    JSString *s;

    qjs_error_tree.text -= min_uint32(len, n - 1);
    if (len <= n)
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

/* name, message and stack of an Error object */
static int qjs_write_error_text(QJSWriter *w, JSObject *p)
{
    JSValueConst texts[3];
    int i;

    qjs_error_texts(w->ctx, p, texts);
    for (i = 0; i < 3; i++) {
        if (!JS_IsString(texts[i]))
            qjs_write_cstring(w, "");
        else if (qjs_write_clipped(w, texts[i]) < 0)
            return -1;
    }
    return 0;
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
    } else if (JS_IsObject(v) && qjs_error_tree.inspected++ >= QJS_ERROR_INSPECTED_MAX) {
        qjs_write_cstring(w, "[Object]");
    } else if (JS_VALUE_GET_TAG(v) == JS_TAG_BIG_INT && qjs_error_tree.digits++ >= 1) { /* they take long */
        qjs_write_cstring(w, "[BigInt]");
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

/* The value itself, or a hole if it is a large primitive that there is no room for:
   one string can be a member many times.
   own: none  raises: yes  runs-js: no */
static int qjs_write_error_value(QJSWriter *w, JSValueConst v, uint32_t i)
{
    size_t size = 0;

    if (JS_IsObject(v))
        return qjs_write_root(w, v);
    if (JS_IsString(v))
        size = 2 * (size_t)string_rope_get_len(v);
    else if (JS_VALUE_GET_TAG(v) == JS_TAG_BIG_INT)
        size = ((JSBigInt *)JS_VALUE_GET_PTR(v))->len * sizeof(js_limb_t);
    if (i > 0) {
        if (size > qjs_error_tree.values)
            return qjs_put_tag(w, QJS_TAPE_HOLE);
        qjs_error_tree.values -= size;
    }
    return qjs_write_value(w, v);
}

/* own: none  raises: yes  runs-js: no */
static int qjs_write_error_node(QJSWriter *w, uint32_t i, uint32_t flags)
{
    JSValueConst v = qjs_error_tree.nodes[i].value;
    JSObject *p = JS_IsObject(v) ? JS_VALUE_GET_OBJ(v) : NULL;
    bool is_error = p && (p->class_id == JS_CLASS_ERROR || p->class_id == JS_CLASS_DOM_EXCEPTION);
    QJSRecord *record = is_error ? qjs_error_record(p) : NULL;
    uint32_t inside = 0;

    flags &= ~QJS_ERROR_IS_ERROR;
    qjs_put_tag(w, QJS_TAPE_ERROR);
    if (qjs_error_tree.nodes[i].again) {
        dbuf_put_u32(w->out, QJS_ERROR_AGAIN);
        return dbuf_put_u64(w->out, qjs_error_tree.nodes[i].number);
    }
    if (is_error) {
        flags |= QJS_ERROR_IS_ERROR;
        if (p->class_id == JS_CLASS_ERROR) {
            if (p->limit_error == JS_LIMIT_ERROR_MEMORY)
                flags |= QJS_ERROR_MEMORY;
            if (p->limit_error == JS_LIMIT_ERROR_STACK)
                flags |= QJS_ERROR_STACK;
        }
        if (!(flags & QJS_ERROR_UNCATCHABLE))
            inside = qjs_error_add_inner(w->ctx, p, i, &flags);
    }
    dbuf_put_u32(w->out, flags);
    dbuf_put_u64(w->out, record ? record->handle : 0);
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
    else if (qjs_write_error_value(w, v, i) < 0)
        return -1;
    return dbuf_put_u32(w->out, inside);
}

/* own: none  raises: yes  runs-js: no */
static int qjs_write_error(QJSWriter *w, JSValueConst v, uint32_t flags)
{
    uint32_t i;

    qjs_error_tree.count = 0;
    qjs_error_tree.inspected = 0;
    qjs_error_tree.digits = 0;
    qjs_error_tree.values = QJS_ERROR_VALUES_MAX;
    qjs_error_tree.text = QJS_ERROR_TEXTS_MAX;
    qjs_error_add(v, 0);
    for (i = 0; i < qjs_error_tree.count; i++) {
        if (qjs_write_error_node(w, i, i == 0 ? flags : 0) < 0)
            return -1;
    }
    return 0;
}
