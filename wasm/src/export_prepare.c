/* The values of an export that runs code. */

/* What the toJSON method of v returns, or v. Getters and traps on the way to the
   method run only if they may. The method of Dates is not called: a Date has a Go
   form. own: v, ret  raises: yes  runs-js: yes */
static JSValue qjs_prepare_to_json(QJSPrepare *r, JSValue v, JSAtom key)
{
    const uint32_t all = QJS_EXPORT_GETTERS | QJS_EXPORT_PROXIES;
    JSContext *ctx = r->ctx;
    JSValue method, name, ret;
    JSObject *f;

    if ((r->flags & all) == all)
        method = JS_GetProperty(ctx, v, JS_ATOM_toJSON);
    else
        method = js_dup(qjs_data_property(JS_VALUE_GET_OBJ(v), JS_ATOM_toJSON));
    if (JS_IsException(method))
        goto fail;
    f = JS_IsFunction(ctx, method) ? JS_VALUE_GET_OBJ(method) : NULL;
    if (!f || (f->class_id == JS_CLASS_C_FUNCTION && f->u.cfunc.c_function.generic == js_date_toJSON)) {
        JS_FreeValue(ctx, method);
        return v;
    }
    name = JS_AtomToString(ctx, key);
    ret = JS_IsException(name) ? JS_EXCEPTION : JS_Call(ctx, method, v, 1, vc(&name));
    JS_FreeValue(ctx, name);
    JS_FreeValue(ctx, method);
    JS_FreeValue(ctx, v);
    return ret;
fail:
    JS_FreeValue(ctx, v);
    return JS_EXCEPTION;
}

/* A container for what v has; JS_UNINITIALIZED if v needs none.
   own: ret  raises: yes  runs-js: no */
static JSValue qjs_prepare_copy(QJSPrepare *r, JSValueConst v)
{
    JSContext *ctx = r->ctx;
    int is_array;

    switch (qjs_value_kind(v)) {
    case QJS_KIND_OBJECT:
        return JS_NewObject(ctx);
    case QJS_KIND_ARRAY:
        return JS_NewArray(ctx);
    case QJS_KIND_MAP:
        return js_map_constructor(ctx, JS_UNDEFINED, 0, NULL, 0);
    case QJS_KIND_SET:
        return js_map_constructor(ctx, JS_UNDEFINED, 0, NULL, MAGIC_SET);
    case QJS_KIND_PROXY:
        if (!(r->flags & QJS_EXPORT_PROXIES) || JS_IsFunction(ctx, v))
            break;
        is_array = js_is_array(ctx, v);
        if (is_array < 0)
            return JS_EXCEPTION;
        return is_array ? JS_NewArray(ctx) : JS_NewObject(ctx);
    }
    return JS_UNINITIALIZED;
}

static int qjs_prepare_contents(QJSPrepare *r, JSValueConst v, JSValueConst copy)
{
    switch (JS_VALUE_GET_OBJ(copy)->class_id) {
    case JS_CLASS_ARRAY:
        return qjs_prepare_array(r, v, copy);
    case JS_CLASS_MAP:
        return qjs_prepare_collection(r, v, copy, 0);
    case JS_CLASS_SET:
        return qjs_prepare_collection(r, v, copy, MAGIC_SET);
    }
    return qjs_prepare_object(r, v, copy);
}

typedef struct QJSPrepareCall {
    QJSPrepare *r;
    JSValueConst v;
    JSAtom key;
    JSValue ret;
} QJSPrepareCall;

static void qjs_prepare_run(void *args)
{
    QJSPrepareCall *c = args;
    c->ret = qjs_prepare_value(c->r, c->v, c->key);
}

static no_inline JSValue qjs_prepare_in_segment(QJSPrepare *r, JSValueConst v, JSAtom key)
{
    QJSPrepareCall c = { r, v, key, JS_EXCEPTION };
    qjs_segment_call(r->ctx->rt, 0, qjs_prepare_run, &c);
    return c.ret;
}

/* What is to be written for v. own: ret  raises: yes, unless a limit was reached
   runs-js: yes */
static JSValue qjs_prepare_value(QJSPrepare *r, JSValueConst v, JSAtom key)
{
    JSContext *ctx = r->ctx;
    JSValue source, copy, *slot;
    int ret;

    if (!JS_IsObject(v))
        return js_dup(v);
    if (js_segment_full(ctx->rt, 0))
        return qjs_prepare_in_segment(r, v, key);
    if (js_check_stack_overflow(ctx->rt, 0))
        return JS_ThrowStackOverflow(ctx);
    if (js_check_aborting(ctx))
        return JS_EXCEPTION;
    source = js_dup(v);
    if (r->flags & QJS_EXPORT_TO_JSON)
        source = qjs_prepare_to_json(r, source, key);
    if (!JS_IsObject(source))
        return source;
    if (r->capacity > 0) {
        slot = qjs_prepare_slot(r->pairs, r->capacity, JS_VALUE_GET_OBJ(source));
        if (!JS_IsUndefined(slot[0])) {
            JS_FreeValue(ctx, source);
            return js_dup(slot[1]);
        }
    }
    copy = qjs_prepare_copy(r, source);
    if (JS_IsUninitialized(copy))
        return source;
    if (JS_IsException(copy) || qjs_limit_enter(r->limits) < 0)
        goto fail;
    ret = qjs_prepare_note(r, source, copy);
    if (ret == 0)
        ret = qjs_prepare_contents(r, source, copy);
    r->limits->depth--;
    if (ret < 0)
        goto fail;
    JS_FreeValue(ctx, source);
    return copy;
fail:
    JS_FreeValue(ctx, source);
    JS_FreeValue(ctx, copy);
    return JS_EXCEPTION;
}

/* A copy of v in which the code that flags name has been run.
   own: ret  raises: yes, unless a limit was reached  runs-js: yes */
static JSValue qjs_export_prepare(JSContext *ctx, JSValueConst v, uint32_t flags, QJSLimits *limits)
{
    QJSPrepare r = { ctx, flags, limits };
    JSValue ret = qjs_prepare_value(&r, v, JS_ATOM_empty_string);
    uint32_t i;

    for (i = 0; i < r.capacity; i++) {
        if (!JS_IsUndefined(r.pairs[2 * i])) {
            JS_FreeValue(ctx, r.pairs[2 * i]);
            JS_FreeValue(ctx, r.pairs[2 * i + 1]);
        }
    }
    js_free(ctx, r.pairs);
    limits->depth = limits->nodes = 0; /* the copy is counted again */
    return ret;
}
