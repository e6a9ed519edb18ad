/* What an Error object says, without running its getters. */

static JSAtom qjs_host_ref_atom; /* private: a property under it is invisible to scripts */

/* A plain data property of p or its prototypes, borrowed; undefined if there is
   none. Looks only at ordinary objects, so no script code runs. */
static JSValueConst qjs_data_property(JSObject *p, JSAtom atom)
{
    JSProperty *pr;
    JSShapeProperty *prs;
    int depth;

    for (depth = 0; p && depth < 1000; depth++) {
        if (p->class_id == JS_CLASS_PROXY)
            break;
        prs = find_own_property(&pr, p, atom);
        if (prs)
            return (prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL ? pr->u.value : JS_UNDEFINED;
        p = p->shape->proto;
    }
    return JS_UNDEFINED;
}

/* What ties an Error object to the Go error that it stands for, or NULL. */
static QJSRecord *qjs_error_record(JSObject *p)
{
    JSProperty *pr;
    JSShapeProperty *prs;

    if (p->class_id != JS_CLASS_ERROR)
        return NULL;
    prs = find_own_property(&pr, p, qjs_host_ref_atom);
    if (!prs || (prs->flags & JS_PROP_TMASK) != JS_PROP_NORMAL)
        return NULL;
    return JS_GetOpaque(pr->u.value, qjs_host_ref_class);
}

static bool qjs_error_is_native_proto(JSContext *ctx, JSObject *p)
{
    JSValueConst proto = JS_MKPTR(JS_TAG_OBJECT, p);
    int i;

    if (js_same_value(ctx, proto, ctx->class_proto[JS_CLASS_ERROR]))
        return true;
    for (i = 0; i < JS_NATIVE_ERROR_COUNT; i++) {
        if (js_same_value(ctx, proto, ctx->native_error_proto[i]))
            return true;
    }
    return false;
}

/* Whether p is an instance of a native error class. */
static bool qjs_error_instance_of(JSContext *ctx, JSObject *p, JSErrorEnum class)
{
    JSValueConst proto = ctx->native_error_proto[class];
    int depth;

    if (!JS_IsObject(proto))
        return false;
    for (depth = 0; p && depth < 1000 && p->class_id != JS_CLASS_PROXY; depth++) {
        p = p->shape->proto;
        if (p == JS_VALUE_GET_OBJ(proto))
            return true;
    }
    return false;
}

/* The name of the class that p is an instance of, borrowed; undefined if it has none. */
static JSValueConst qjs_error_class_name(JSObject *p)
{
    JSProperty *pr;
    JSShapeProperty *prs;
    int depth;

    for (depth = 0; depth < 1000 && (p = p->shape->proto) && p->class_id != JS_CLASS_PROXY; depth++) {
        prs = find_own_property(&pr, p, JS_ATOM_constructor);
        if (!prs || (prs->flags & JS_PROP_TMASK) != JS_PROP_NORMAL || !JS_IsObject(pr->u.value) ||
            qjs_value_kind(pr->u.value) != QJS_KIND_FUNCTION)
            continue;
        prs = find_own_property(&pr, JS_VALUE_GET_OBJ(pr->u.value), JS_ATOM_name);
        if (prs && (prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL &&
            JS_IsString(pr->u.value) && !JS_IsEmptyString(pr->u.value))
            return pr->u.value;
    }
    return JS_UNDEFINED;
}

/* The name of an Error object, borrowed: what `name` is, unless that is a getter or
   the one that every error inherits; then the name of its class. */
static JSValueConst qjs_error_name(JSContext *ctx, JSObject *p)
{
    JSProperty *pr;
    JSShapeProperty *prs;
    JSObject *q;
    int depth;

    for (depth = 0, q = p; q && depth < 1000 && q->class_id != JS_CLASS_PROXY; depth++, q = q->shape->proto) {
        prs = find_own_property(&pr, q, JS_ATOM_name);
        if (!prs)
            continue;
        if ((prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL && JS_IsString(pr->u.value) &&
            !qjs_error_is_native_proto(ctx, q))
            return pr->u.value;
        break;
    }
    return qjs_error_class_name(p);
}

/* name, message and stack of an Error object, borrowed */
static void qjs_error_texts(JSContext *ctx, JSObject *p, JSValueConst texts[3])
{
    if (p->class_id == JS_CLASS_DOM_EXCEPTION) {
        JSDOMExceptionData *d = p->u.opaque;
        texts[0] = d ? d->name : JS_UNDEFINED;
        texts[1] = d ? d->message : JS_UNDEFINED;
    } else {
        texts[0] = qjs_error_name(ctx, p);
        texts[1] = qjs_data_property(p, JS_ATOM_message);
    }
    texts[2] = qjs_data_property(p, JS_ATOM_stack);
    if (p->class_id == JS_CLASS_ERROR && JS_IsString(p->u.object_data))
        texts[2] = p->u.object_data;
}
