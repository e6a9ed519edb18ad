/* Properties, comparisons and weak values, one export for all of them. */

/* The own enumerable string keys as an array. own: ret  raises: yes  runs-js: Proxy traps */
static JSValue qjs_keys(JSContext *ctx, JSValueConst obj)
{
    if (!JS_IsObject(obj))
        return JS_NewArray(ctx);
    return JS_GetOwnPropertyNames2(ctx, obj, JS_GPN_ENUM_ONLY | JS_GPN_STRING_MASK, JS_ITERATOR_KIND_KEY);
}

/* A global binding: a let, const or class of a script, else a property of the
   global object. It is defined, not assigned: neither an accessor of that name
   nor what a script made the global object inherit from is asked.
   own: v  raises: yes  runs-js: no */
static int qjs_global_set(JSContext *ctx, JSAtom key, JSValue v)
{
    JSObject *global = JS_VALUE_GET_OBJ(ctx->global_obj);
    JSShapeProperty *prs;

    if (find_own_property1(JS_VALUE_GET_OBJ(ctx->global_var_obj), key))
        return JS_SetGlobalVar(ctx, key, v, 0);
    prs = find_own_property1(global, key);
    if (prs && (prs->flags & JS_PROP_TMASK) != JS_PROP_GETSET)
        return JS_SetPropertyInternal(ctx, ctx->global_obj, key, v, JS_PROP_THROW);
    return JS_DefinePropertyValue(ctx, ctx->global_obj, key, v, JS_PROP_C_W_E | JS_PROP_THROW);
}

/* own: ret  borrow: cells  raises: yes  runs-js: yes */
static JSValue qjs_property_do(JSContext *ctx, uint32_t op, JSValue *cells)
{
    JSAtom key = JS_ATOM_NULL;
    JSValue ret;
    int n;

    switch (op) {
    case QJS_PROPERTY_KEYS:
        return qjs_keys(ctx, cells[0]);
    case QJS_PROPERTY_INSTANCE_OF:
        n = JS_IsInstanceOf(ctx, cells[0], cells[1]);
        return n < 0 ? JS_EXCEPTION : js_bool(n);
    case QJS_PROPERTY_STRICT_EQUALS:
        return js_bool(JS_IsStrictEqual(ctx, cells[0], cells[1]));
    case QJS_PROPERTY_TO_STRING:
        return JS_ToString(ctx, cells[0]);
    case QJS_PROPERTY_JSON:
        return JS_JSONStringify(ctx, cells[0], JS_UNDEFINED, JS_UNDEFINED);
    case QJS_PROPERTY_WEAK:
        return qjs_weak_new(ctx, cells[0]);
    case QJS_PROPERTY_WEAK_TARGET:
        return qjs_weak_get(ctx, cells[0]);
    }
    key = JS_ValueToAtom(ctx, cells[1]);
    if (key == JS_ATOM_NULL)
        return JS_EXCEPTION;
    switch (op) {
    case QJS_PROPERTY_GET:
        ret = JS_GetProperty(ctx, cells[0], key);
        break;
    case QJS_PROPERTY_SET:
        n = JS_SetPropertyInternal(ctx, cells[0], key, js_dup(cells[2]), JS_PROP_THROW);
        ret = n < 0 ? JS_EXCEPTION : JS_UNDEFINED;
        break;
    case QJS_PROPERTY_HAS:
        n = JS_IsObject(cells[0]) ? JS_HasProperty(ctx, cells[0], key) : 0;
        ret = n < 0 ? JS_EXCEPTION : js_bool(n);
        break;
    case QJS_PROPERTY_DELETE:
        n = JS_DeleteProperty(ctx, cells[0], key, 0);
        ret = n < 0 ? JS_EXCEPTION : js_bool(n);
        break;
    case QJS_PROPERTY_GLOBAL_GET:
        ret = JS_GetGlobalVar(ctx, key, false);
        break;
    case QJS_PROPERTY_GLOBAL_SET:
        n = qjs_global_set(ctx, key, js_dup(cells[2]));
        ret = n < 0 ? JS_EXCEPTION : JS_UNDEFINED;
        break;
    default:
        ret = JS_ThrowInternalError(ctx, "malformed request");
    }
    JS_FreeAtom(ctx, key);
    return ret;
}

/* Cells: object, key, value. own: none  raises: no, describes  runs-js: yes */
QJS_EXPORT("qjs_property") uint32_t qjs_property(uint32_t op, uint32_t mode)
{
    JSContext *ctx = qjs_enter();
    JSValue small[3], *cells, ret;

    cells = qjs_cells_read(ctx, 3, small, 3);
    if (!cells)
        return qjs_exception_take(ctx);
    ret = qjs_property_do(ctx, op, cells);
    qjs_cells_free(ctx, 3, cells, small);
    return qjs_return(ctx, ret, mode);
}
