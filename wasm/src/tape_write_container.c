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
    if (len > (int64_t)elements + QJS_EXPORT_HOLES) {
        JS_ThrowRangeError(w->ctx, "array of length %" PRId64 " has too many holes to export", len);
        return -1;
    }
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
        if (JS_IsUninitialized(v))
            qjs_put_tag(w, QJS_TAPE_HOLE);
        else if (qjs_write_value(w, v) < 0)
            return -1;
        if (js_poll_interrupts(w->ctx))
            return -1;
    }
    return 0;
}

/* Own enumerable string-keyed data properties, in property order. */
static int qjs_write_object(QJSWriter *w, JSObject *p)
{
    JSContext *ctx = w->ctx;
    JSPropertyEnum *tab;
    uint32_t i, n, written = 0;
    size_t at;
    int ret = -1;

    if (JS_GetOwnPropertyNamesInternal(ctx, &tab, &n, p, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) < 0)
        return -1;
    qjs_put_tag(w, QJS_TAPE_OBJECT);
    at = w->out->size;
    dbuf_put_u32(w->out, 0);
    for (i = 0; i < n; i++) {
        JSProperty *pr;
        JSShapeProperty *prs = find_own_property(&pr, p, tab[i].atom);
        JSValueConst v;
        if (!prs)
            continue;
        if ((prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL)
            v = pr->u.value;
        else if ((prs->flags & JS_PROP_TMASK) == JS_PROP_VARREF)
            v = *pr->u.var_ref->pvalue;
        else
            continue;
        if (qjs_write_atom(w, tab[i].atom) < 0 || qjs_write_value(w, v) < 0)
            goto done;
        written++;
        if (js_poll_interrupts(ctx))
            goto done;
    }
    qjs_patch_u32(w, at, written);
    ret = 0;
done:
    JS_FreePropertyEnum(ctx, tab, n);
    return ret;
}

static int qjs_write_collection(QJSWriter *w, JSObject *p, bool is_map)
{
    JSMapState *s = p->u.map_state;
    struct list_head *el;

    qjs_put_tag(w, is_map ? QJS_TAPE_MAP : QJS_TAPE_SET);
    dbuf_put_u32(w->out, s->record_count);
    list_for_each(el, &s->records) {
        JSMapRecord *mr = list_entry(el, JSMapRecord, link);
        if (mr->empty)
            continue;
        if (qjs_write_value(w, mr->key) < 0 || (is_map && qjs_write_value(w, mr->value) < 0))
            return -1;
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
    qjs_put_tag(w, QJS_TAPE_TYPED);
    dbuf_putc(w->out, p->class_id - JS_CLASS_UINT8C_ARRAY);
    return qjs_write_units(w, p->u.array.u.ptr, size, 0);
}

static int qjs_write_buffer(QJSWriter *w, JSObject *p)
{
    JSArrayBuffer *b = p->u.array_buffer;
    uint32_t size = b->detached ? 0 : b->byte_length;
    qjs_put_tag(w, QJS_TAPE_BUFFER);
    return qjs_write_units(w, b->data, size, 0);
}

static int qjs_write_plain(QJSWriter *w, JSObject *p)
{
    int seen = qjs_write_seen(w, p);
    double d;

    if (seen != 0)
        return min_int(seen, 0);
    switch (p->class_id) {
    case JS_CLASS_ARRAY:
        return qjs_write_array(w, p);
    case JS_CLASS_MAP:
    case JS_CLASS_SET:
        return qjs_write_collection(w, p, p->class_id == JS_CLASS_MAP);
    case JS_CLASS_ARRAY_BUFFER:
    case JS_CLASS_SHARED_ARRAY_BUFFER:
        return qjs_write_buffer(w, p);
    case JS_CLASS_DATE:
        if (JS_ToFloat64(w->ctx, &d, p->u.object_data) < 0)
            return -1;
        qjs_put_tag(w, QJS_TAPE_DATE);
        return dbuf_put(w->out, &d, 8);
    case JS_CLASS_ERROR:
    case JS_CLASS_DOM_EXCEPTION:
        return qjs_write_error(w, JS_MKPTR(JS_TAG_OBJECT, p), QJS_ERROR_IS_ERROR);
    default:
        if (is_typed_array(p->class_id))
            return qjs_write_typed(w, p);
        return qjs_write_object(w, p);
    }
}
