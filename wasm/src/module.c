/* ES modules: the host resolves specifiers and loads sources. */

static JSAtom qjs_type_atom;

static JSValue qjs_module_namespace_of(JSContext *ctx, JSValueConst this_val, int argc,
                                       JSValueConst *argv, int magic, JSValueConst *data)
{
    return js_dup(data[0]);
}

/* The promise of m's namespace. own: ret, obj (a module value)  raises: yes  runs-js: yes */
static JSValue qjs_module_evaluate(JSContext *ctx, JSValue obj)
{
    JSModuleDef *m = JS_VALUE_GET_PTR(obj);
    JSValue evaluated, ns, then, promise;

    if (JS_ResolveModule(ctx, obj) < 0) {
        JS_FreeValue(ctx, obj);
        if (!m->resolved) /* it is not being loaded elsewhere */
            js_free_module_def(ctx, m);
        return JS_EXCEPTION;
    }
    evaluated = JS_EvalFunction(ctx, js_dup(obj));
    if (JS_IsException(evaluated)) {
        JS_FreeValue(ctx, obj);
        return evaluated;
    }
    ns = JS_GetModuleNamespace(ctx, m);
    JS_FreeValue(ctx, obj);
    if (JS_IsException(ns)) {
        JS_FreeValue(ctx, evaluated);
        return ns;
    }
    then = JS_NewCFunctionData(ctx, qjs_module_namespace_of, 0, 0, 1, vc(&ns));
    JS_FreeValue(ctx, ns);
    if (JS_IsException(then)) {
        JS_FreeValue(ctx, evaluated);
        return then;
    }
    promise = JS_PromiseThen(ctx, evaluated, then, JS_UNDEFINED);
    JS_FreeValue(ctx, then);
    JS_FreeValue(ctx, evaluated);
    return promise;
}

/* Import what the host named, as seen from a referrer it named too: the promise
   of the namespace. own: none  raises: no, describes  runs-js: yes */
QJS_EXPORT("qjs_module_import") uint32_t qjs_module_import(uint32_t referrer_len, uint32_t specifier_len)
{
    JSContext *ctx = qjs_enter();
    JSValue promise = JS_EXCEPTION;
    char *in, *referrer;

    if (referrer_len >= qjs_io_block.in_cap || specifier_len >= qjs_io_block.in_cap - referrer_len) {
        JS_ThrowInternalError(ctx, "malformed request");
        return qjs_exception_take(ctx);
    }
    in = qjs_in_take(ctx, referrer_len + specifier_len);
    if (!in)
        return qjs_exception_take(ctx);
    referrer = js_strndup(ctx, in, referrer_len);
    if (referrer)
        promise = JS_LoadModule(ctx, referrer, in + referrer_len);
    js_free(ctx, referrer);
    js_free(ctx, in);
    return qjs_return(ctx, promise, QJS_MODE_VALUE);
}

typedef struct {
    uint32_t number;
    int quiet;
} QJSWalk;

/* What the host does while it is asked about a module, such as importing, is not part of
   the walk that asks. The result is for qjs_walk_resume.
   own: none  raises: no  runs-js: no */
static QJSWalk qjs_walk_leave(JSContext *ctx)
{
    QJSWalk walk = { ctx->rt->module_walk, ctx->rt->quiet };
    ctx->rt->module_walk = 0;
    ctx->rt->quiet = 0;
    return walk;
}

static void qjs_walk_resume(JSContext *ctx, QJSWalk walk)
{
    ctx->rt->module_walk = walk.number;
    ctx->rt->quiet = walk.quiet;
}

static char *qjs_module_normalize(JSContext *ctx, const char *referrer, const char *specifier, void *opaque)
{
    JSValue name;
    const char *str;
    char *ret = NULL;
    QJSWalk walk = qjs_walk_leave(ctx);
    uint32_t status;

    status = qjs_host_module_resolve(
        (uint32_t)(uintptr_t)referrer, strlen(referrer), (uint32_t)(uintptr_t)specifier, strlen(specifier));
    qjs_walk_resume(ctx, walk);
    name = qjs_host_outcome(ctx, status);
    if (JS_IsException(name))
        return NULL;
    str = JS_ToCString(ctx, name);
    JS_FreeValue(ctx, name);
    if (str)
        ret = js_strdup(ctx, str);
    JS_FreeCString(ctx, str);
    return ret;
}

static int qjs_module_value_init(JSContext *ctx, JSModuleDef *m)
{
    return JS_SetModuleExport(ctx, m, "default", JS_GetModulePrivateValue(ctx, m));
}

/* A module whose default export is a value. own: v  raises: yes  runs-js: no */
static JSModuleDef *qjs_module_of_value(JSContext *ctx, const char *name, JSValue v)
{
    JSModuleDef *m;
    if (JS_IsException(v))
        return NULL;
    m = JS_NewCModule(ctx, name, qjs_module_value_init);
    if (!m) {
        JS_FreeValue(ctx, v);
        return NULL;
    }
    JS_SetModulePrivateValue(ctx, m, v);
    if (JS_AddModuleExport(ctx, m, "default") == 0)
        return m;
    js_free_module_def(ctx, m);
    return NULL;
}

/* The value of import attribute "type": a QJS_MODULE_ number, or -1 with an
   exception. own: none  raises: yes  runs-js: no */
static int qjs_module_type(JSContext *ctx, JSValueConst attributes)
{
    static const struct { const char *name; int type; } types[] = {
        { "json", QJS_MODULE_JSON }, { "text", QJS_MODULE_TEXT }, { "bytes", QJS_MODULE_BYTES },
    };
    const char *name;
    JSValueConst v;
    int i, type = -1;

    if (!JS_IsObject(attributes))
        return QJS_MODULE_SOURCE;
    v = qjs_data_property(JS_VALUE_GET_OBJ(attributes), qjs_type_atom);
    if (!JS_IsString(v))
        return QJS_MODULE_SOURCE;
    name = JS_ToCString(ctx, v);
    if (!name)
        return -1;
    for (i = 0; i < countof(types); i++) {
        if (!strcmp(name, types[i].name))
            type = types[i].type;
    }
    if (type < 0)
        JS_ThrowTypeError(ctx, "unsupported module type: '%s'", name);
    JS_FreeCString(ctx, name);
    return type;
}

/* Bytecode carries the name it was compiled under; from now on the module has
   the one it was loaded by. On failure no import finds it.
   own: none  raises: yes  runs-js: no */
static JSModuleDef *qjs_module_named(JSContext *ctx, JSModuleDef *m, const char *name)
{
    JSAtom atom = JS_NewAtom(ctx, name);
    if (atom == JS_ATOM_NULL) {
        qjs_module_list(ctx, m, false);
        return NULL;
    }
    JS_FreeAtom(ctx, m->module_name);
    m->module_name = atom;
    return m;
}

static JSModuleDef *qjs_module_load(JSContext *ctx, const char *name, void *opaque, JSValueConst attributes)
{
    int type = qjs_module_type(ctx, attributes);
    uint32_t status, len, kind;
    JSModuleDef *m = NULL;
    QJSWalk walk;
    JSAtom atom;
    JSValue v;
    char *in;

    if (type < 0)
        return NULL;
    walk = qjs_walk_leave(ctx);
    status = qjs_host_module_load((uint32_t)(uintptr_t)name, strlen(name), type);
    qjs_walk_resume(ctx, walk);
    if (status != QJS_STATUS_OK) {
        JS_FreeValue(ctx, qjs_host_outcome(ctx, status));
        return NULL;
    }
    qjs_host_returned(ctx);
    len = (uint32_t)qjs_io_block.result;
    kind = (uint32_t)qjs_io_block.result_aux;
    in = qjs_in_take(ctx, len);
    atom = JS_NewAtom(ctx, name);
    if (!in || atom == JS_ATOM_NULL)
        goto done;
    m = js_find_loaded_module(ctx, atom, attributes); /* by the host, meanwhile */
    if (m || JS_HasException(ctx))
        goto done;
    switch (kind) {
    case QJS_MODULE_JSON:
        m = qjs_module_of_value(ctx, name, JS_ParseJSON(ctx, in, len, name));
        break;
    case QJS_MODULE_TEXT:
        m = qjs_module_of_value(ctx, name, JS_NewStringLen(ctx, in, len));
        break;
    case QJS_MODULE_BYTES:
        if (qjs_require(ctx, QJS_INTRINSIC_TYPED_ARRAYS, "Uint8Array"))
            m = qjs_module_of_value(ctx, name, JS_NewUint8ArrayCopy(ctx, (uint8_t *)in, len));
        break;
    default:
        v = qjs_compile(ctx, in, len, name,
                        kind == QJS_MODULE_BYTECODE ? QJS_EVAL_BYTECODE : QJS_EVAL_MODULE);
        if (!JS_IsException(v)) {
            if (JS_VALUE_GET_TAG(v) == JS_TAG_MODULE)
                m = qjs_module_named(ctx, JS_VALUE_GET_PTR(v), name); /* the context's module list holds it */
            else
                JS_ThrowTypeError(ctx, "bytecode of '%s' is not a module", name);
            JS_FreeValue(ctx, v);
        }
    }
done:
    JS_FreeAtom(ctx, atom);
    js_free(ctx, in);
    return m;
}

static int qjs_module_init(JSContext *ctx)
{
    JS_SetModuleLoaderFunc2(ctx->rt, qjs_module_normalize, qjs_module_load, NULL, NULL);
    qjs_type_atom = JS_NewAtom(ctx, "type");
    return qjs_type_atom == JS_ATOM_NULL ? -1 : 0;
}
