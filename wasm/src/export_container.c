/* The containers of an export that runs code. */

/* The value of an own property that was just found, or JS_UNINITIALIZED if it is
   left out. own: ret  raises: yes  runs-js: yes */
static JSValue qjs_prepare_property(QJSPrepare *r, JSValueConst obj, JSAtom atom)
{
    JSProperty *pr;
    JSShapeProperty *prs = find_own_property(&pr, JS_VALUE_GET_OBJ(obj), atom);
    JSValue getter, ret;

    if (!prs)
        return JS_UNINITIALIZED;
    switch (prs->flags & JS_PROP_TMASK) {
    case JS_PROP_NORMAL:
        return js_dup(pr->u.value);
    case JS_PROP_VARREF:
        return js_dup(*pr->u.var_ref->pvalue);
    case JS_PROP_GETSET:
        if (!(r->flags & QJS_EXPORT_GETTERS) || !pr->u.getset.getter)
            return JS_UNINITIALIZED;
        getter = js_dup(JS_MKPTR(JS_TAG_OBJECT, pr->u.getset.getter)); /* it may delete itself */
        ret = JS_Call(r->ctx, getter, obj, 0, NULL);
        JS_FreeValue(r->ctx, getter);
        return ret;
    }
    return JS_UNINITIALIZED;
}

/* Prepare v and make it a property of copy. own: v  raises: yes  runs-js: yes */
static int qjs_prepare_put(QJSPrepare *r, JSValueConst copy, JSAtom key, JSValue v)
{
    JSValue x = qjs_prepare_value(r, v, key);
    JS_FreeValue(r->ctx, v);
    if (JS_IsException(x))
        return -1;
    return JS_DefinePropertyValue(r->ctx, copy, key, x, JS_PROP_C_W_E);
}

/* own: none  raises: yes, unless a limit was reached  runs-js: yes */
static int qjs_prepare_array(QJSPrepare *r, JSValueConst arr, JSValueConst copy)
{
    JSContext *ctx = r->ctx;
    JSObject *p = JS_VALUE_GET_OBJ(arr);
    bool proxy = p->class_id == JS_CLASS_PROXY;
    int64_t len;
    uint32_t i, elements = 0;
    JSValue v;

    if (js_get_length64(ctx, &len, arr) < 0)
        return -1;
    if (!proxy)
        elements = p->fast_array ? p->u.array.count : p->shape->prop_count;
    if (len > (int64_t)elements + QJS_EXPORT_HOLES)
        return qjs_limit_reach(r->limits, QJS_LIMIT_HOLES);
    for (i = 0; i < len; i++) {
        if (js_poll_interrupts(ctx))
            return -1;
        if (proxy)
            v = JS_GetPropertyUint32(ctx, arr, i);
        else if (p->fast_array) /* still, and however long it is now */
            v = i < p->u.array.count ? js_dup(p->u.array.u.values[i]) : JS_UNINITIALIZED;
        else
            v = qjs_prepare_property(r, arr, __JS_AtomFromUInt32(i));
        if (JS_IsUninitialized(v))
            continue;
        if (JS_IsException(v) || qjs_prepare_put(r, copy, __JS_AtomFromUInt32(i), v) < 0) {
            qjs_limit_step_index(r->limits, i);
            return -1;
        }
    }
    return JS_SetProperty(ctx, copy, JS_ATOM_length, js_int64(len)) < 0 ? -1 : 0;
}

/* own: none  raises: yes, unless a limit was reached  runs-js: yes */
static int qjs_prepare_object(QJSPrepare *r, JSValueConst obj, JSValueConst copy)
{
    JSContext *ctx = r->ctx;
    JSObject *p = JS_VALUE_GET_OBJ(obj);
    JSPropertyEnum *tab;
    uint32_t i, n;
    JSValue v;
    int ret = -1;

    if (JS_GetOwnPropertyNamesInternal(ctx, &tab, &n, p, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) < 0)
        return -1;
    for (i = 0; i < n; i++) {
        if (js_poll_interrupts(ctx))
            goto done;
        if (p->class_id == JS_CLASS_PROXY)
            v = JS_GetProperty(ctx, obj, tab[i].atom);
        else
            v = qjs_prepare_property(r, obj, tab[i].atom);
        if (JS_IsUninitialized(v))
            continue;
        if (JS_IsException(v) || qjs_prepare_put(r, copy, tab[i].atom, v) < 0) {
            qjs_limit_step_key(ctx, r->limits, tab[i].atom);
            goto done;
        }
    }
    ret = 0;
done:
    JS_FreePropertyEnum(ctx, tab, n);
    return ret;
}

/* The entries are taken down before any code runs that may change them.
   own: none  raises: yes, unless a limit was reached  runs-js: yes */
static int qjs_prepare_collection(QJSPrepare *r, JSValueConst obj, JSValueConst copy, int magic)
{
    JSContext *ctx = r->ctx;
    JSMapState *s = JS_VALUE_GET_OBJ(obj)->u.map_state;
    uint32_t i, n = 0, count = s->record_count;
    JSValue *all, kv[2], ret;
    struct list_head *el;
    int status = -1;

    all = js_malloc(ctx, max_uint32(count, 1) * 2 * sizeof(*all));
    if (!all)
        return -1;
    list_for_each(el, &s->records) {
        JSMapRecord *mr = list_entry(el, JSMapRecord, link);
        if (mr->empty || n == count)
            continue;
        all[2 * n] = js_dup(mr->key);
        all[2 * n++ + 1] = magic & MAGIC_SET ? JS_UNDEFINED : js_dup(mr->value);
    }
    for (i = 0; i < n; i++) {
        if (js_poll_interrupts(ctx))
            goto done;
        kv[0] = qjs_prepare_value(r, all[2 * i], __JS_AtomFromUInt32(i));
        kv[1] = JS_IsException(kv[0]) ? JS_EXCEPTION : qjs_prepare_value(r, all[2 * i + 1], __JS_AtomFromUInt32(i));
        ret = JS_IsException(kv[1]) ? JS_EXCEPTION : js_map_set(ctx, copy, 2, vc(kv), magic);
        JS_FreeValue(ctx, kv[0]);
        JS_FreeValue(ctx, kv[1]);
        if (JS_IsException(ret)) {
            qjs_limit_step_index(r->limits, i);
            goto done;
        }
        JS_FreeValue(ctx, ret);
    }
    status = 0;
done:
    for (i = 0; i < 2 * n; i++)
        JS_FreeValue(ctx, all[i]);
    js_free(ctx, all);
    return status;
}
