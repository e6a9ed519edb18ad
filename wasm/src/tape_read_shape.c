/* Host to guest: plain objects, and RegExps. The keys of a shape are interned once
 * per tape; every other record of that shape is an allocation and its values. */

static JSAtom qjs_tape_key(QJSReader *r)
{
    JSValue key = qjs_tape_string_record(r);
    JSAtom atom;

    if (JS_IsException(key))
        return JS_ATOM_NULL;
    atom = JS_ValueToAtom(r->ctx, key);
    JS_FreeValue(r->ctx, key);
    return atom;
}

static JSValue qjs_tape_object(QJSReader *r)
{
    JSContext *ctx = r->ctx;
    JSValue obj, v;
    JSAtom atom;
    uint32_t i, n;
    int ret;

    if (!qjs_tape_take(r, &n, 4) || n > (size_t)(r->end - r->p))
        return qjs_tape_malformed(r);
    obj = qjs_tape_noted(r, JS_NewObject(ctx));
    if (JS_IsException(obj))
        return obj;
    for (i = 0; i < n; i++) {
        atom = qjs_tape_key(r);
        if (atom == JS_ATOM_NULL)
            goto fail;
        v = qjs_tape_value(r);
        ret = JS_IsException(v) ? -1 : JS_DefinePropertyValue(ctx, obj, atom, v, JS_PROP_C_W_E);
        JS_FreeAtom(ctx, atom);
        if (ret < 0 || js_check_aborting(ctx))
            goto fail;
    }
    return obj;
fail:
    JS_FreeValue(ctx, obj);
    return JS_EXCEPTION;
}

/* Remember the shape of p. own: none  raises: yes */
static int qjs_tape_shape_note(QJSReader *r, JSObject *p)
{
    if (r->shape_count == r->shape_capacity) {
        uint32_t capacity = r->shape_capacity ? r->shape_capacity * 2 : 8;
        JSShape **grown = js_realloc(r->ctx, r->shapes, capacity * sizeof(*grown));
        if (!grown)
            return -1;
        r->shapes = grown;
        r->shape_capacity = capacity;
    }
    r->shapes[r->shape_count++] = js_dup_shape(p->shape);
    return 0;
}

/* The values of an object whose properties are there. own: obj, ret  raises: yes */
static JSValue qjs_tape_fill(QJSReader *r, JSValue obj)
{
    JSObject *p = JS_VALUE_GET_OBJ(obj);
    uint32_t i, n = p->shape->prop_count;
    JSValue v;

    if (n > (size_t)(r->end - r->p)) {
        JS_FreeValue(r->ctx, obj);
        return qjs_tape_malformed(r);
    }
    for (i = 0; i < n; i++) {
        v = qjs_tape_value(r);
        if (JS_IsException(v)) {
            JS_FreeValue(r->ctx, obj);
            return v;
        }
        p->prop[i].u.value = v;
    }
    return obj;
}

/* The first object of a shape: its properties are made in order, without values. */
static JSValue qjs_tape_shape(QJSReader *r)
{
    JSContext *ctx = r->ctx;
    JSObject *p;
    JSValue obj;
    JSAtom atom;
    uint32_t i, index, n;
    int ret;

    if (!qjs_tape_take(r, &index, 4) || index != r->shape_count ||
        !qjs_tape_take(r, &n, 4) || n > QJS_SHAPE_MAX)
        return qjs_tape_malformed(r);
    obj = qjs_tape_noted(r, JS_NewObject(ctx));
    if (JS_IsException(obj))
        return obj;
    p = JS_VALUE_GET_OBJ(obj);
    for (i = 0; i < n; i++) {
        atom = qjs_tape_key(r);
        if (atom == JS_ATOM_NULL)
            goto fail;
        ret = JS_DefinePropertyValue(ctx, obj, atom, JS_UNDEFINED, JS_PROP_C_W_E);
        JS_FreeAtom(ctx, atom);
        if (ret < 0)
            goto fail;
    }
    if (p->shape->prop_count != n || !p->shape->is_hashed) { /* a key came twice */
        qjs_tape_malformed(r);
        goto fail;
    }
    if (qjs_tape_shape_note(r, p) < 0)
        goto fail;
    return qjs_tape_fill(r, obj);
fail:
    JS_FreeValue(ctx, obj);
    return JS_EXCEPTION;
}

static JSValue qjs_tape_record(QJSReader *r)
{
    JSShape *sh;
    JSObject *p;
    JSValue obj;
    uint32_t i, index;

    if (!qjs_tape_take(r, &index, 4) || index >= r->shape_count)
        return qjs_tape_malformed(r);
    sh = r->shapes[index];
    obj = JS_NewObjectFromShape(r->ctx, js_dup_shape(sh), JS_CLASS_OBJECT, NULL);
    if (JS_IsException(obj))
        return obj;
    p = JS_VALUE_GET_OBJ(obj);
    for (i = 0; i < sh->prop_count; i++) /* before anything can look at it */
        p->prop[i].u.value = JS_UNDEFINED;
    obj = qjs_tape_noted(r, obj);
    return JS_IsException(obj) ? obj : qjs_tape_fill(r, obj);
}

/* own: ret  raises: yes  runs-js: no */
static JSValue qjs_tape_reg_exp(QJSReader *r)
{
    JSContext *ctx = r->ctx;
    JSValue source, flags, code;

    source = qjs_tape_string_record(r);
    if (JS_IsException(source))
        return source;
    flags = qjs_tape_string_record(r);
    if (JS_IsException(flags))
        goto fail;
    if (!qjs_require(ctx, QJS_INTRINSIC_REG_EXP, "RegExp")) {
        JS_FreeValue(ctx, flags);
        goto fail;
    }
    code = js_compile_regexp(ctx, source, flags);
    JS_FreeValue(ctx, flags);
    if (JS_IsException(code))
        goto fail;
    return js_regexp_constructor_internal(ctx, JS_UNDEFINED, source, code);
fail:
    JS_FreeValue(ctx, source);
    return JS_EXCEPTION;
}
