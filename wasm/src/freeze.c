/* Making the built-ins immutable. */

static JSPropertyEnum *qjs_builtin_names; /* of the global object, as it was made */
static uint32_t qjs_builtin_count;

/* Note what is built in, before any script or host adds to it.
   own: none  raises: yes  runs-js: no */
static int qjs_freeze_init(JSContext *ctx)
{
    return JS_GetOwnPropertyNames(ctx, &qjs_builtin_names, &qjs_builtin_count, ctx->global_obj,
                                  JS_GPN_STRING_MASK | JS_GPN_SYMBOL_MASK);
}

/* The objects found so far. A frozen_builtin mark says that an object is in it. */
typedef struct QJSFreezer {
    JSContext *ctx;
    JSObject **objects; /* each held by a reference */
    uint32_t count;
    uint32_t capacity;
} QJSFreezer;

/* own: none  raises: yes  runs-js: no */
static int qjs_freeze_push(QJSFreezer *f, JSObject *p)
{
    JSObject **grown;
    uint32_t capacity;

    if (!p || p->frozen_builtin || p == JS_VALUE_GET_OBJ(f->ctx->global_obj))
        return 0;
    if (f->count == f->capacity) {
        capacity = f->capacity ? 2 * f->capacity : 2048;
        grown = js_realloc(f->ctx, f->objects, capacity * sizeof(*grown));
        if (!grown)
            return -1;
        f->objects = grown;
        f->capacity = capacity;
    }
    p->frozen_builtin = true;
    js_dup(JS_MKPTR(JS_TAG_OBJECT, p));
    f->objects[f->count++] = p;
    return 0;
}

static int qjs_freeze_push_value(QJSFreezer *f, JSValueConst v)
{
    return JS_IsObject(v) ? qjs_freeze_push(f, JS_VALUE_GET_OBJ(v)) : 0;
}

static int qjs_freeze_push_property(QJSFreezer *f, const JSShapeProperty *prs, const JSProperty *pr)
{
    switch (prs->flags & JS_PROP_TMASK) {
    case JS_PROP_NORMAL:
        return qjs_freeze_push_value(f, pr->u.value);
    case JS_PROP_GETSET:
        return qjs_freeze_push(f, pr->u.getset.getter) < 0 ? -1 : qjs_freeze_push(f, pr->u.getset.setter);
    case JS_PROP_VARREF:
        return qjs_freeze_push_value(f, *pr->u.var_ref->pvalue);
    }
    return 0;
}

/* Properties that the engine makes when they are first read.
   own: none  raises: yes  runs-js: the engine's own functions written in JS */
static int qjs_freeze_instantiate(JSContext *ctx, JSObject *p)
{
    JSShapeProperty *prs;
    JSProperty *pr;
    uint32_t i;

    for (i = 0; i < p->shape->prop_count; i++) {
        prs = &get_shape_prop(p->shape)[i];
        if (prs->atom == JS_ATOM_NULL || (prs->flags & JS_PROP_TMASK) != JS_PROP_AUTOINIT)
            continue;
        pr = &p->prop[i];
        if (JS_AutoInitProperty(ctx, p, prs->atom, pr, prs))
            return -1;
    }
    return 0;
}

/* What Object.freeze would do, and note what the object leads to. Objects that
   scripts hung into built-ins may be such that freezing them runs code or fails:
   proxies, module namespaces, typed arrays, live objects. They stay as they are.
   own: none  raises: yes  runs-js: no */
static int qjs_freeze_object(QJSFreezer *f, JSObject *p)
{
    JSContext *ctx = f->ctx;
    JSValueConst obj = JS_MKPTR(JS_TAG_OBJECT, p);
    JSValue ret;
    uint32_t i;

    if (p->class_id == JS_CLASS_PROXY || p->class_id == JS_CLASS_MODULE_NS || is_typed_array(p->class_id) ||
        qjs_is_live(p))
        return 0;
    if (qjs_freeze_instantiate(ctx, p) < 0)
        return -1;
    ret = js_object_seal(ctx, JS_UNDEFINED, 1, &obj, 1);
    if (JS_IsException(ret))
        return -1;
    JS_FreeValue(ctx, ret);
    for (i = 0; i < p->shape->prop_count; i++) {
        JSShapeProperty *prs = &get_shape_prop(p->shape)[i];
        if (prs->atom != JS_ATOM_NULL && qjs_freeze_push_property(f, prs, &p->prop[i]) < 0)
            return -1;
    }
    return qjs_freeze_push(f, p->shape->proto);
}

/* The intrinsics that the engine holds on to, which scripts may have unlinked
   from the global object. own: none  raises: yes  runs-js: no */
static int qjs_freeze_push_intrinsics(QJSFreezer *f)
{
    JSContext *ctx = f->ctx;
    JSValueConst held[] = {
        ctx->function_proto, ctx->function_ctor, ctx->array_ctor, ctx->regexp_ctor, ctx->promise_ctor,
        ctx->error_ctor, ctx->iterator_ctor, ctx->iterator_ctor_getset, ctx->async_iterator_proto,
        ctx->array_proto_values, ctx->throw_type_error, ctx->eval_obj,
    };
    uint32_t i;

    for (i = 0; i < ctx->rt->class_count; i++) {
        if (qjs_freeze_push_value(f, ctx->class_proto[i]) < 0)
            return -1;
    }
    for (i = 0; i < JS_NATIVE_ERROR_COUNT; i++) {
        if (qjs_freeze_push_value(f, ctx->native_error_proto[i]) < 0)
            return -1;
    }
    for (i = 0; i < countof(held); i++) {
        if (qjs_freeze_push_value(f, held[i]) < 0)
            return -1;
    }
    return 0;
}

/* The global object stays extensible; what it had from the start becomes
   read-only. own: none  raises: yes  runs-js: no */
static int qjs_freeze_globals(QJSFreezer *f)
{
    JSContext *ctx = f->ctx;
    JSObject *global = JS_VALUE_GET_OBJ(ctx->global_obj);
    JSShapeProperty *prs;
    JSProperty *pr;
    uint32_t i;
    int flags;

    if (qjs_freeze_instantiate(ctx, global) < 0)
        return -1;
    for (i = 0; i < qjs_builtin_count; i++) {
        prs = find_own_property(&pr, global, qjs_builtin_names[i].atom);
        if (!prs)
            continue;
        if (qjs_freeze_push_property(f, prs, pr) < 0)
            return -1;
        flags = JS_PROP_THROW | JS_PROP_HAS_CONFIGURABLE;
        if ((prs->flags & JS_PROP_TMASK) != JS_PROP_GETSET && (prs->flags & JS_PROP_WRITABLE))
            flags |= JS_PROP_HAS_WRITABLE;
        if (JS_DefineProperty(ctx, ctx->global_obj, qjs_builtin_names[i].atom, JS_UNDEFINED,
                              JS_UNDEFINED, JS_UNDEFINED, flags) < 0)
            return -1;
    }
    return 0;
}

/* own: none  raises: yes  runs-js: no */
static int qjs_freeze_all(QJSFreezer *f)
{
    uint32_t i;
    if (qjs_freeze_push_intrinsics(f) < 0 || qjs_freeze_globals(f) < 0)
        return -1;
    for (i = 0; i < f->count; i++) {
        if (qjs_freeze_object(f, f->objects[i]) < 0 || js_poll_interrupts(f->ctx))
            return -1;
    }
    return 0;
}

/* Freeze the built-ins and all that they lead to. What fails half-way may be
   called again. own: none  raises: no, describes  runs-js: no */
QJS_EXPORT("qjs_runtime_freeze") uint32_t qjs_runtime_freeze(void)
{
    JSContext *ctx = qjs_enter();
    QJSFreezer f = { ctx };
    bool std_array_prototype = ctx->std_array_prototype;
    uint32_t i;
    int ret;

    if (ctx->frozen)
        return QJS_STATUS_UNDEFINED;
    qjs_quiet_begin();
    ret = qjs_freeze_all(&f);
    qjs_quiet_end();
    /* It says that Array.prototype has no elements, which freezing does not
       change; the engine drops it with the prototype's fast representation. */
    ctx->std_array_prototype = std_array_prototype;
    for (i = 0; i < f.count; i++) {
        if (ret < 0)
            f.objects[i]->frozen_builtin = false;
        JS_FreeValue(ctx, JS_MKPTR(JS_TAG_OBJECT, f.objects[i]));
    }
    js_free(ctx, f.objects);
    if (ret < 0)
        return qjs_exception_take(ctx);
    ctx->frozen = true;
    return QJS_STATUS_UNDEFINED;
}
