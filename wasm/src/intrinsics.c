/* Which built-ins there are, by groups.
 *
 * Every structure of the engine is made whatever the groups: it expects
 * prototypes and shapes where upstream's JS_AddIntrinsic functions would leave
 * none, and would read through null pointers. Absent groups are then taken out of
 * reach: their names are deleted, their syntax is refused, the engine's own ways
 * to them are cut, and the host's values do not become them.
 */

static uint32_t qjs_intrinsics;

static bool qjs_has(uint32_t group)
{
    return (qjs_intrinsics & group) != 0;
}

/* Is the group there? own: none  raises: yes, when it is not  runs-js: no */
static bool qjs_require(JSContext *ctx, uint32_t group, const char *what)
{
    if (likely(qjs_has(group)))
        return true;
    JS_ThrowTypeError(ctx, "%s is not among the intrinsics of this runtime", what);
    return false;
}

static const struct {
    uint32_t group;
    const char *name; /* of a property of the global object */
} qjs_intrinsic_globals[] = {
    { QJS_INTRINSIC_EVAL, "eval" },
    { QJS_INTRINSIC_REG_EXP, "RegExp" },
    { QJS_INTRINSIC_PROXY, "Proxy" },
    { QJS_INTRINSIC_REFLECT, "Reflect" },
    { QJS_INTRINSIC_COLLECTIONS, "Map" },
    { QJS_INTRINSIC_COLLECTIONS, "Set" },
    { QJS_INTRINSIC_COLLECTIONS, "WeakMap" },
    { QJS_INTRINSIC_COLLECTIONS, "WeakSet" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "ArrayBuffer" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "SharedArrayBuffer" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "DataView" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "Uint8ClampedArray" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "Int8Array" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "Uint8Array" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "Int16Array" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "Uint16Array" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "Int32Array" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "Uint32Array" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "BigInt64Array" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "BigUint64Array" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "Float16Array" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "Float32Array" },
    { QJS_INTRINSIC_TYPED_ARRAYS, "Float64Array" },
    { QJS_INTRINSIC_PROMISE, "Promise" },
    { QJS_INTRINSIC_PROMISE, "queueMicrotask" },
    { QJS_INTRINSIC_PROMISE, "AsyncDisposableStack" },
    { QJS_INTRINSIC_BIG_INT, "BigInt" },
    { QJS_INTRINSIC_BIG_INT, "BigInt64Array" },
    { QJS_INTRINSIC_BIG_INT, "BigUint64Array" },
    { QJS_INTRINSIC_WEAK_REF, "WeakRef" },
    { QJS_INTRINSIC_WEAK_REF, "FinalizationRegistry" },
    { QJS_INTRINSIC_DATE, "Date" },
    { QJS_INTRINSIC_JSON, "JSON" },
    { QJS_INTRINSIC_ITERATOR, "Iterator" },
    { QJS_INTRINSIC_PERFORMANCE, "performance" },
    { QJS_INTRINSIC_CONSOLE, "console" },
    { QJS_INTRINSIC_BASE64, "atob" },
    { QJS_INTRINSIC_BASE64, "btoa" },
    { QJS_INTRINSIC_BASE64, "DOMException" },
};

/* own: none  raises: yes  runs-js: no */
static int qjs_intrinsic_delete(JSContext *ctx, JSValueConst obj, const char *name)
{
    JSAtom atom = JS_NewAtom(ctx, name);
    int ret = atom == JS_ATOM_NULL ? -1 : JS_DeleteProperty(ctx, obj, atom, JS_PROP_THROW);
    JS_FreeAtom(ctx, atom);
    return ret < 0 ? -1 : 0;
}

/* Array iterators and generators inherit from %IteratorPrototype%, which keeps
   nothing but its symbols. own: none  raises: yes  runs-js: no */
static int qjs_intrinsic_delete_helpers(JSContext *ctx)
{
    JSValueConst proto = ctx->class_proto[JS_CLASS_ITERATOR];
    JSPropertyEnum *names;
    uint32_t i, n;
    int ret = 0;

    if (JS_GetOwnPropertyNames(ctx, &names, &n, proto, JS_GPN_STRING_MASK) < 0)
        return -1;
    for (i = 0; i < n && ret == 0; i++) {
        if (JS_DeleteProperty(ctx, proto, names[i].atom, JS_PROP_THROW) < 0)
            ret = -1;
    }
    JS_FreePropertyEnum(ctx, names, n);
    return ret;
}

/* Take the groups that are not named out of reach, once, before any script runs.
   own: none  raises: yes  runs-js: no */
static int qjs_intrinsics_init(JSContext *ctx, uint32_t groups)
{
    static const char *const big_int_accessors[] = {
        "getBigInt64", "getBigUint64", "setBigInt64", "setBigUint64",
    };
    size_t i;

    qjs_intrinsics = groups;
    for (i = 0; i < countof(qjs_intrinsic_globals); i++) {
        if (!qjs_has(qjs_intrinsic_globals[i].group) &&
            qjs_intrinsic_delete(ctx, ctx->global_obj, qjs_intrinsic_globals[i].name) < 0)
            return -1;
    }
    /* Function stays, and the hidden constructors of its kinds, for instanceof
       and for their prototypes. They and eval compile by way of eval_internal,
       the host does not. */
    if (!qjs_has(QJS_INTRINSIC_EVAL))
        ctx->eval_internal = NULL;
    /* String.prototype.match and the like still work with objects that define
       Symbol.match; patch 0020 keeps RegExp objects from being made. */
    if (!qjs_has(QJS_INTRINSIC_REG_EXP))
        ctx->compile_regexp = NULL;
    if (!qjs_has(QJS_INTRINSIC_PROMISE)) {
        ctx->no_promise = true;
        if (qjs_intrinsic_delete(ctx, ctx->array_ctor, "fromAsync") < 0)
            return -1;
    }
    if (!qjs_has(QJS_INTRINSIC_BIG_INT)) {
        ctx->no_big_int = true;
        for (i = 0; i < countof(big_int_accessors); i++) {
            if (qjs_intrinsic_delete(ctx, ctx->class_proto[JS_CLASS_DATAVIEW], big_int_accessors[i]) < 0)
                return -1;
        }
    }
    if (!qjs_has(QJS_INTRINSIC_ITERATOR) && qjs_intrinsic_delete_helpers(ctx) < 0)
        return -1;
    return 0;
}

/* Compile for the host, with or without the group of eval.
   own: ret  borrow: code, name  raises: yes  runs-js: no */
static JSValue qjs_compile_text(JSContext *ctx, const char *code, size_t code_len, const char *name, int flags)
{
    if (!ctx->rt->current_stack_frame) {
        JS_FreeValue(ctx, ctx->error_back_trace);
        ctx->error_back_trace = JS_UNDEFINED;
    }
    return __JS_EvalInternal(ctx, ctx->global_obj, code, code_len, name, 1, flags, -1);
}
