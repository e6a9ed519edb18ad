/* Go iterators and channels as JS iterables: an iterable holds the callable that
 * begins an iteration, the iterator the callable that takes its next step. Scripts
 * see neither.
 */

static JSClassID qjs_iterable_class, qjs_iterator_class;
static JSClassID qjs_async_iterable_class, qjs_async_iterator_class;

/* own: ret, func  raises: yes  runs-js: no */
static JSValue qjs_iterable_new(JSContext *ctx, JSValue func, JSClassID class_id)
{
    JSValue obj;
    if (JS_IsException(func))
        return func;
    obj = JS_NewObjectClass(ctx, class_id);
    if (JS_IsException(obj))
        JS_FreeValue(ctx, func);
    else
        JS_VALUE_GET_OBJ(obj)->u.object_data = func;
    return obj;
}

/* The object if it is of that class. own: none  raises: yes  runs-js: no */
static JSObject *qjs_iterable_check(JSContext *ctx, JSValueConst v, JSClassID class_id)
{
    if (JS_IsObject(v) && JS_VALUE_GET_OBJ(v)->class_id == class_id)
        return JS_VALUE_GET_OBJ(v);
    JS_ThrowTypeError(ctx, "not an iterator of the host");
    return NULL;
}

/* The host function of an iterator may let go of the iterator while it runs.
   own: ret  raises: yes  runs-js: as the host does */
static JSValue qjs_iterable_call(JSContext *ctx, JSObject *p, int argc, JSValueConst *argv)
{
    JSValue func = js_dup(p->u.object_data);
    JSValue ret = JS_Call(ctx, func, JS_UNDEFINED, argc, argv);
    JS_FreeValue(ctx, func);
    return ret;
}

static void qjs_iterator_drop(JSContext *ctx, JSObject *p)
{
    JSValue func = p->u.object_data;
    p->u.object_data = JS_UNDEFINED;
    JS_FreeValue(ctx, func);
}

/* [Symbol.iterator] and [Symbol.asyncIterator] */
static JSValue qjs_iterable_begin(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv, int is_async)
{
    JSObject *p = qjs_iterable_check(ctx, this_val, is_async ? qjs_async_iterable_class : qjs_iterable_class);
    if (!p)
        return JS_EXCEPTION;
    return qjs_iterable_new(ctx, qjs_iterable_call(ctx, p, 0, NULL),
                            is_async ? qjs_async_iterator_class : qjs_iterator_class);
}

static JSValue qjs_iterator_step(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv, int *pdone, int magic)
{
    JSObject *p = qjs_iterable_check(ctx, this_val, qjs_iterator_class);
    JSValue v;

    *pdone = true;
    if (!p)
        return JS_EXCEPTION;
    if (JS_IsUndefined(p->u.object_data))
        return JS_UNDEFINED;
    v = qjs_iterable_call(ctx, p, 0, NULL);
    if (JS_IsException(v))
        return v; /* the host knows whether it is over */
    *pdone = qjs_host_done;
    if (*pdone)
        qjs_iterator_drop(ctx, p);
    return v;
}

static JSValue qjs_iterator_return(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    JSObject *p = qjs_iterable_check(ctx, this_val, qjs_iterator_class);
    JSValueConst stop = JS_TRUE;
    JSValue v = JS_UNDEFINED;

    if (!p)
        return JS_EXCEPTION;
    if (!JS_IsUndefined(p->u.object_data))
        v = qjs_iterable_call(ctx, p, 1, &stop);
    if (JS_IsException(v))
        return v;
    JS_FreeValue(ctx, v);
    qjs_iterator_drop(ctx, p);
    return js_create_iterator_result(ctx, argc > 0 ? js_dup(argv[0]) : JS_UNDEFINED, true);
}

static JSValue qjs_async_iterator_next(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    JSObject *p = qjs_iterable_check(ctx, this_val, qjs_async_iterator_class);
    return p ? qjs_iterable_call(ctx, p, 0, NULL) : JS_EXCEPTION;
}

static JSValue qjs_async_iterator_return(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    JSObject *p = qjs_iterable_check(ctx, this_val, qjs_async_iterator_class);
    JSValueConst stop = JS_TRUE;
    JSValue v, ret;

    if (!p)
        return JS_EXCEPTION;
    v = qjs_iterable_call(ctx, p, 1, &stop);
    if (JS_IsException(v))
        return v;
    JS_FreeValue(ctx, v);
    v = js_create_iterator_result(ctx, argc > 0 ? js_dup(argv[0]) : JS_UNDEFINED, true);
    if (JS_IsException(v))
        return v;
    ret = js_promise_resolve(ctx, ctx->promise_ctor, 1, vc(&v), 0);
    JS_FreeValue(ctx, v);
    return ret;
}

/* The helpers of Iterator.prototype need a next method, which an iterable that
   can be iterated over again has not: here they begin an iteration. */
static const char *const qjs_iterable_helpers[] = {
    "drop", "every", "filter", "find", "flatMap", "forEach", "map", "reduce", "some", "take", "toArray",
};

static JSValue qjs_iterable_helper(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv, int magic)
{
    JSValue method, ret, it = qjs_iterable_begin(ctx, this_val, 0, NULL, false);

    if (JS_IsException(it))
        return it;
    method = JS_GetPropertyStr(ctx, it, qjs_iterable_helpers[magic]);
    ret = JS_IsException(method) ? method : JS_CallFree(ctx, method, it, argc, argv);
    JS_FreeValue(ctx, it);
    return ret;
}

static const JSCFunctionListEntry qjs_iterable_proto[] = {
    JS_CFUNC_MAGIC_DEF("[Symbol.iterator]", 0, qjs_iterable_begin, false),
};

static const JSCFunctionListEntry qjs_iterator_proto[] = {
    JS_ITERATOR_NEXT_DEF("next", 0, qjs_iterator_step, 0),
    JS_CFUNC_DEF("return", 1, qjs_iterator_return),
};

static const JSCFunctionListEntry qjs_async_iterable_proto[] = {
    JS_CFUNC_MAGIC_DEF("[Symbol.asyncIterator]", 0, qjs_iterable_begin, true),
};

static const JSCFunctionListEntry qjs_async_iterator_proto[] = {
    JS_CFUNC_DEF("next", 0, qjs_async_iterator_next),
    JS_CFUNC_DEF("return", 1, qjs_async_iterator_return),
};

static const JSClassDef qjs_iterable_def = {
    "Iterable",
    .finalizer = js_object_data_finalizer,
    .gc_mark = js_object_data_mark,
};

static const JSClassDef qjs_iterator_def = {
    "Iterator",
    .finalizer = js_object_data_finalizer,
    .gc_mark = js_object_data_mark,
};

/* own: none  raises: yes  runs-js: no */
static int qjs_iterable_class_init(JSContext *ctx, JSClassID *id, const JSClassDef *def, JSValueConst parent,
                                   const JSCFunctionListEntry *list, int len)
{
    JSValue proto;
    JS_NewClassID(ctx->rt, id);
    if (JS_NewClass(ctx->rt, *id, def) < 0)
        return -1;
    proto = JS_NewObjectProto(ctx, parent);
    if (JS_IsException(proto))
        return -1;
    JS_SetClassProto(ctx, *id, proto);
    return JS_SetPropertyFunctionList(ctx, proto, list, len);
}

/* After the intrinsics: without the group of Iterator there are no helpers. */
static int qjs_iterable_init(JSContext *ctx)
{
    JSValueConst parent = ctx->class_proto[JS_CLASS_ITERATOR];
    JSValueConst object = ctx->class_proto[JS_CLASS_OBJECT];
    size_t i;

    if (qjs_iterable_class_init(ctx, &qjs_iterable_class, &qjs_iterable_def, parent,
                                qjs_iterable_proto, countof(qjs_iterable_proto)) < 0 ||
        qjs_iterable_class_init(ctx, &qjs_iterator_class, &qjs_iterator_def, parent,
                                qjs_iterator_proto, countof(qjs_iterator_proto)) < 0 ||
        qjs_iterable_class_init(ctx, &qjs_async_iterable_class, &qjs_iterable_def, object,
                                qjs_async_iterable_proto, countof(qjs_async_iterable_proto)) < 0 ||
        qjs_iterable_class_init(ctx, &qjs_async_iterator_class, &qjs_iterator_def, ctx->async_iterator_proto,
                                qjs_async_iterator_proto, countof(qjs_async_iterator_proto)) < 0)
        return -1;
    for (i = 0; qjs_has(QJS_INTRINSIC_ITERATOR) && i < countof(qjs_iterable_helpers); i++) {
        const char *name = qjs_iterable_helpers[i];
        int length = strcmp(name, "toArray") == 0 ? 0 : 1;
        JSValue func = JS_NewCFunctionMagic(ctx, qjs_iterable_helper, name, length, JS_CFUNC_generic_magic, i);
        if (JS_IsException(func) ||
            JS_DefinePropertyValueStr(ctx, ctx->class_proto[qjs_iterable_class], name, func,
                                      JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0)
            return -1;
    }
    return 0;
}
