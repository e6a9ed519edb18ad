/* Host to guest: the records that hold others, and bytes. Each notes itself as a
 * container before its parts are read, which may refer back to it. */

/* Elements go straight into the fast array until a hole makes it sparse. */
static JSValue qjs_tape_array(QJSReader *r)
{
    JSContext *ctx = r->ctx;
    JSValue arr, v;
    JSObject *p;
    uint32_t i, n;
    bool fast = true;

    if (!qjs_tape_take(r, &n, 4) || n > (size_t)(r->end - r->p))
        return qjs_tape_malformed(r);
    arr = JS_NewArray(ctx);
    if (JS_IsException(arr))
        return arr;
    p = JS_VALUE_GET_OBJ(arr);
    if (qjs_tape_container(r, arr) < 0 || (n > 0 && expand_fast_array(ctx, p, n)))
        goto fail;
    for (i = 0; i < n; i++) {
        if (r->p < r->end && *r->p == QJS_TAPE_HOLE) {
            r->p++;
            fast = false;
            continue;
        }
        if (js_is_aborting_at(ctx->rt, i)) {
            js_throw_aborting(ctx);
            goto fail;
        }
        v = qjs_tape_value(r);
        if (JS_IsException(v))
            goto fail;
        if (fast) {
            p->u.array.u.values[i] = v;
            p->u.array.count = i + 1;
        } else if (JS_DefinePropertyValueUint32(ctx, arr, i, v, JS_PROP_C_W_E) < 0) {
            goto fail;
        }
    }
    if (fast)
        p->prop[0].u.value = js_uint32(n);
    else if (JS_SetProperty(ctx, arr, JS_ATOM_length, js_uint32(n)) < 0)
        goto fail;
    return arr;
fail:
    JS_FreeValue(ctx, arr);
    return JS_EXCEPTION;
}

static JSValue qjs_tape_collection(QJSReader *r, int magic)
{
    JSContext *ctx = r->ctx;
    JSValue obj, ret, kv[2];
    uint32_t i, n;

    if (!qjs_tape_take(r, &n, 4) || n > (size_t)(r->end - r->p))
        return qjs_tape_malformed(r);
    if (!qjs_require(ctx, QJS_INTRINSIC_COLLECTIONS, magic & MAGIC_SET ? "Set" : "Map"))
        return JS_EXCEPTION;
    obj = js_map_constructor(ctx, JS_UNDEFINED, 0, NULL, magic);
    if (JS_IsException(obj))
        return obj;
    if (qjs_tape_container(r, obj) < 0)
        goto fail;
    for (i = 0; i < n; i++) {
        kv[0] = qjs_tape_value(r);
        if (JS_IsException(kv[0]))
            goto fail;
        kv[1] = magic & MAGIC_SET ? JS_UNDEFINED : qjs_tape_value(r);
        ret = JS_IsException(kv[1]) ? JS_EXCEPTION : js_map_set(ctx, obj, 2, vc(kv), magic);
        JS_FreeValue(ctx, kv[0]);
        JS_FreeValue(ctx, kv[1]);
        if (JS_IsException(ret))
            goto fail;
        JS_FreeValue(ctx, ret);
    }
    return obj;
fail:
    JS_FreeValue(ctx, obj);
    return JS_EXCEPTION;
}

static JSValue qjs_tape_bytes(QJSReader *r, uint8_t tag)
{
    JSContext *ctx = r->ctx;
    const uint8_t *block;
    JSValue buffer, typed;
    uint32_t n;
    uint8_t type = 0;

    if (tag == QJS_TAPE_TYPED && (!qjs_tape_take(r, &type, 1) || type > JS_TYPED_ARRAY_FLOAT64))
        return qjs_tape_malformed(r);
    if (!qjs_require(ctx, QJS_INTRINSIC_TYPED_ARRAYS, "ArrayBuffer"))
        return JS_EXCEPTION;
    if (tag == QJS_TAPE_TYPED && (type == JS_TYPED_ARRAY_BIG_INT64 || type == JS_TYPED_ARRAY_BIG_UINT64) &&
        !qjs_require(ctx, QJS_INTRINSIC_BIG_INT, "BigInt"))
        return JS_EXCEPTION;
    buffer = qjs_tape_take_elsewhere(r);
    if (JS_IsUndefined(buffer)) {
        block = qjs_tape_take_block(r, &n, 1);
        buffer = block ? JS_NewArrayBufferCopy(ctx, block, n) : qjs_tape_malformed(r);
    } else if (!JS_IsArrayBuffer(buffer)) {
        JS_FreeValue(ctx, buffer);
        return qjs_tape_malformed(r);
    }
    if (tag == QJS_TAPE_BUFFER || JS_IsException(buffer)) {
        typed = buffer;
    } else {
        typed = JS_NewTypedArray(ctx, 1, vc(&buffer), type);
        JS_FreeValue(ctx, buffer);
    }
    if (!JS_IsException(typed) && qjs_tape_container(r, typed) < 0) {
        JS_FreeValue(ctx, typed);
        return JS_EXCEPTION;
    }
    return typed;
}

static JSValue qjs_tape_func(QJSReader *r)
{
    JSContext *ctx = r->ctx;
    JSValue name, v, func;
    QJSRecord *rec;
    uint64_t handle;
    uint32_t length, flags, i, n;

    if (!qjs_tape_take(r, &handle, 8) || !qjs_tape_take(r, &length, 4) || !qjs_tape_take(r, &flags, 4))
        return qjs_tape_malformed(r);
    name = qjs_tape_string_record(r);
    if (JS_IsException(name))
        return name;
    if (!qjs_tape_take(r, &n, 4) || n > (size_t)(r->end - r->p)) {
        JS_FreeValue(ctx, name);
        return qjs_tape_malformed(r);
    }
    rec = qjs_record_new(ctx, handle, n);
    if (!rec) {
        JS_FreeValue(ctx, name);
        return JS_EXCEPTION;
    }
    rec->flags = flags;
    for (i = 0; i < n; i++) {
        v = qjs_tape_value(r);
        if (JS_IsException(v)) {
            while (rec->count > 0)
                JS_FreeValue(ctx, rec->captures[--rec->count]);
            js_free(ctx, rec);
            JS_FreeValue(ctx, name);
            return JS_EXCEPTION;
        }
        rec->captures[rec->count++] = v;
    }
    func = qjs_callable_new(ctx, rec, name, length);
    JS_FreeValue(ctx, name);
    if (flags & (QJS_FUNC_ITERABLE | QJS_FUNC_ASYNC_ITERABLE))
        return qjs_iterable_new(ctx, func, flags & QJS_FUNC_ITERABLE ? qjs_iterable_class : qjs_async_iterable_class);
    if (flags & QJS_FUNC_ITERATOR)
        return qjs_iterable_new(ctx, func, qjs_iterator_class);
    return func;
}
