/* Guest to host: objects that cross whole. */

static int qjs_write_array(QJSWriter *w, JSObject *p)
{
    JSValueConst arr = JS_MKPTR(JS_TAG_OBJECT, p);
    int64_t len;
    uint32_t i, elements;

    if (js_get_length64(w->ctx, &len, arr) < 0) /* an own data property */
        return -1;
    /* A hole costs one byte here and 16 in a Go slice: bound what a script can
       ask for with one assignment to length. */
    elements = p->fast_array ? p->u.array.count : p->shape->prop_count;
    if (len > (int64_t)elements + QJS_EXPORT_HOLES)
        return qjs_limit_reach(w->limits, QJS_LIMIT_HOLES);
    qjs_put_tag(w, QJS_TAPE_ARRAY);
    dbuf_put_u32(w->out, (uint32_t)len);
    for (i = 0; i < len; i++) {
        JSValueConst v = JS_UNINITIALIZED;
        if (p->fast_array) {
            if (i < p->u.array.count)
                v = p->u.array.u.values[i];
        } else {
            JSProperty *pr;
            JSShapeProperty *prs = find_own_property(&pr, p, __JS_AtomFromUInt32(i));
            if (prs && (prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL)
                v = pr->u.value;
        }
        if (JS_IsUninitialized(v)) {
            qjs_put_tag(w, QJS_TAPE_HOLE);
        } else if (qjs_write_item(w, v) < 0) {
            qjs_limit_step_index(w->limits, i);
            return -1;
        }
        if (js_poll_interrupts(w->ctx))
            return -1;
    }
    return 0;
}

static int qjs_write_collection(QJSWriter *w, JSObject *p, bool is_map)
{
    JSMapState *s = p->u.map_state;
    struct list_head *el;
    uint32_t i = 0;

    qjs_put_tag(w, is_map ? QJS_TAPE_MAP : QJS_TAPE_SET);
    dbuf_put_u32(w->out, s->record_count);
    list_for_each(el, &s->records) {
        JSMapRecord *mr = list_entry(el, JSMapRecord, link);
        if (mr->empty)
            continue;
        if (qjs_write_item(w, mr->key) < 0 || (is_map && qjs_write_item(w, mr->value) < 0)) {
            qjs_limit_step_index(w->limits, i);
            return -1;
        }
        i++;
        if (js_poll_interrupts(w->ctx))
            return -1;
    }
    return 0;
}

static int qjs_write_typed(QJSWriter *w, JSObject *p)
{
    uint32_t size = 0;
    if (!typed_array_is_oob(p))
        size = p->u.array.count << typed_array_size_log2[p->class_id - JS_CLASS_UINT8C_ARRAY];
    if (qjs_limit_bytes(w->limits, w->out->size + size) < 0)
        return -1;
    qjs_put_tag(w, QJS_TAPE_TYPED);
    dbuf_putc(w->out, p->class_id - JS_CLASS_UINT8C_ARRAY);
    dbuf_put_u32(w->out, size);
    return dbuf_put(w->out, p->u.array.u.ptr, size);
}

static int qjs_write_buffer(QJSWriter *w, JSObject *p)
{
    JSArrayBuffer *b = p->u.array_buffer;
    uint32_t size = b->detached ? 0 : b->byte_length;
    if (qjs_limit_bytes(w->limits, w->out->size + size) < 0)
        return -1;
    qjs_put_tag(w, QJS_TAPE_BUFFER);
    dbuf_put_u32(w->out, size);
    return size ? dbuf_put(w->out, b->data, size) : 0;
}

/* Source and flags, as the accessors of the prototype would give them.
   own: none  raises: yes  runs-js: no */
static int qjs_write_reg_exp(QJSWriter *w, JSObject *p)
{
    static const struct { int mask; char name; } flags[] = {
        { LRE_FLAG_INDICES, 'd' }, { LRE_FLAG_GLOBAL, 'g' }, { LRE_FLAG_IGNORECASE, 'i' },
        { LRE_FLAG_MULTILINE, 'm' }, { LRE_FLAG_DOTALL, 's' }, { LRE_FLAG_UNICODE, 'u' },
        { LRE_FLAG_UNICODE_SETS, 'v' }, { LRE_FLAG_STICKY, 'y' },
    };
    JSValue source = js_regexp_get_source(w->ctx, JS_MKPTR(JS_TAG_OBJECT, p));
    char text[countof(flags) + 1];
    int set = lre_get_flags(str8(p->u.regexp.bytecode));
    size_t i, n = 0;

    if (JS_IsException(source))
        return -1;
    qjs_put_tag(w, QJS_TAPE_REG_EXP);
    qjs_write_flat(w, JS_VALUE_GET_STRING(source));
    JS_FreeValue(w->ctx, source);
    for (i = 0; i < countof(flags); i++) {
        if (set & flags[i].mask)
            text[n++] = flags[i].name;
    }
    text[n] = '\0';
    qjs_write_cstring(w, text);
    return 0;
}

static int qjs_write_contents(QJSWriter *w, JSObject *p)
{
    double d;

    switch (p->class_id) {
    case JS_CLASS_ARRAY:
        return qjs_write_array(w, p);
    case JS_CLASS_MAP:
    case JS_CLASS_SET:
        return qjs_write_collection(w, p, p->class_id == JS_CLASS_MAP);
    case JS_CLASS_ARRAY_BUFFER:
    case JS_CLASS_SHARED_ARRAY_BUFFER:
        return qjs_write_buffer(w, p);
    case JS_CLASS_REGEXP:
        return qjs_write_reg_exp(w, p);
    case JS_CLASS_DATE:
        if (JS_ToFloat64(w->ctx, &d, p->u.object_data) < 0)
            return -1;
        qjs_put_tag(w, QJS_TAPE_DATE);
        return dbuf_put(w->out, &d, 8);
    case JS_CLASS_ERROR:
        return qjs_write_error(w, JS_MKPTR(JS_TAG_OBJECT, p), QJS_ERROR_IS_ERROR);
    default:
        if (is_typed_array(p->class_id))
            return qjs_write_typed(w, p);
        return qjs_write_object(w, p);
    }
}

/* An object that crosses whole. One that is only referred to by what is being
   written cannot come twice, and need not be remembered. */
static int qjs_write_plain(QJSWriter *w, JSObject *p, bool only)
{
    int ret = only && JS_REF_COUNT(p) == 1 ? 0 : qjs_write_seen(w, p);

    if (ret != 0)
        return min_int(ret, 0);
    if (qjs_limit_enter(w->limits) < 0)
        return -1;
    w->count++;
    ret = qjs_write_contents(w, p);
    w->limits->depth--;
    return ret;
}
