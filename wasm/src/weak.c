/* Weak values: what the host refers to without keeping it alive.
 *
 * Each is a WeakRef in the root table that no script sees: so it is forgotten, and
 * asks the host whether its target is alive, as any other does (patches 0047 and
 * 0048). It works without the built-in WeakRef.
 */

/* own: ret  borrow: target  raises: yes  runs-js: no */
static JSValue qjs_weak_new(JSContext *ctx, JSValueConst target)
{
    JSWeakRefData *wrd;
    JSWeakRefRecord *wr;
    JSValue obj;

    if (!is_valid_weakref_target(target))
        return JS_ThrowTypeError(ctx, "neither an object nor a symbol that can be collected");
    obj = JS_NewObjectProtoClass(ctx, JS_NULL, JS_CLASS_WEAK_REF);
    if (JS_IsException(obj))
        return obj;
    wrd = js_malloc(ctx, sizeof(*wrd));
    wr = wrd ? js_malloc(ctx, sizeof(*wr)) : NULL;
    if (!wr) {
        js_free(ctx, wrd);
        JS_FreeValue(ctx, obj);
        return JS_EXCEPTION;
    }
    wrd->weak_ref = wr;
    wrd->target = target;
    wrd->obj = obj;
    wrd->stamp = 0;
    wr->kind = JS_WEAK_REF_KIND_WEAK_REF;
    wr->u.weak_ref_data = wrd;
    insert_weakref_record(target, wr);
    JS_SetOpaqueInternal(obj, wrd);
    return obj;
}

/* The target, undefined if it is gone.
   own: ret  borrow: weak  raises: yes  runs-js: no */
static JSValue qjs_weak_get(JSContext *ctx, JSValueConst weak)
{
    return js_weakref_deref(ctx, weak, 0, NULL);
}
