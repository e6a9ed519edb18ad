/* The properties of live objects, as the engine asks for them. */

static int qjs_live_get_own(JSContext *ctx, JSPropertyDescriptor *desc, JSValueConst obj, JSAtom prop)
{
    QJSLive *l = qjs_live_of(obj);
    QJSLiveType *t = l->type;
    int found, flags = JS_PROP_C_W_E;
    JSValue key, v;

    if (t->kind == QJS_LIVE_LIST && prop == JS_ATOM_length) {
        flags = JS_PROP_WRITABLE;
        if (!desc)
            return true;
        v = qjs_live_length(ctx, l);
    } else {
        found = qjs_live_key(ctx, t, prop, &key);
        if (found <= 0)
            return found;
        if (t->kind == QJS_LIVE_STRUCT) {
            if (!desc)
                return true;
            if (t->fields[JS_VALUE_GET_INT(key)].read_only)
                flags &= ~JS_PROP_WRITABLE;
        } else if (!desc) {
            return qjs_live_test(ctx, l, QJS_LIVE_HAS, key, JS_UNDEFINED);
        }
        v = qjs_live_ask(ctx, l, QJS_LIVE_GET, key, JS_UNDEFINED);
        JS_FreeValue(ctx, key);
    }
    if (JS_IsException(v))
        return -1;
    if (JS_IsUninitialized(v))
        return false;
    desc->flags = flags;
    desc->value = v;
    desc->getter = JS_UNDEFINED;
    desc->setter = JS_UNDEFINED;
    return true;
}

/* own: *ptab  raises: yes */
static int qjs_live_names_append(JSContext *ctx, JSPropertyEnum **ptab, uint32_t *plen, JSAtom name)
{
    if (name == JS_ATOM_NULL)
        return -1;
    (*ptab)[(*plen)++].atom = name;
    return js_check_aborting(ctx) ? -1 : 0;
}

static int qjs_live_own_names(JSContext *ctx, JSPropertyEnum **ptab, uint32_t *plen, JSValueConst obj)
{
    QJSLive *l = qjs_live_of(obj);
    QJSLiveType *t = l->type;
    JSValue keys = JS_UNDEFINED;
    int64_t i, n = t->count;
    int ret = -1;

    *ptab = NULL;
    *plen = 0;
    if (t->kind == QJS_LIVE_LIST) {
        JSValue v = qjs_live_length(ctx, l);
        if (JS_IsException(v) || JS_ToInt64Free(ctx, &n, v) < 0)
            return -1;
    } else if (t->kind == QJS_LIVE_MAP) {
        keys = qjs_live_ask(ctx, l, QJS_LIVE_KEYS, JS_UNDEFINED, JS_UNDEFINED);
        if (JS_IsException(keys) || js_get_length64(ctx, &n, keys) < 0)
            goto done;
    }
    if (n > INT32_MAX / (int)sizeof(**ptab)) {
        JS_ThrowOutOfMemory(ctx);
        goto done;
    }
    *ptab = js_malloc(ctx, (n + 1) * sizeof(**ptab));
    if (!*ptab)
        goto done;
    for (i = 0; i < n; i++) {
        JSAtom name;
        if (t->kind == QJS_LIVE_STRUCT) {
            name = JS_DupAtom(ctx, t->fields[i].name);
        } else if (t->kind == QJS_LIVE_LIST) {
            name = JS_NewAtomUInt32(ctx, i);
        } else {
            JSValue key = JS_GetPropertyUint32(ctx, keys, i); /* of an array that nobody else has */
            name = JS_IsException(key) ? JS_ATOM_NULL : JS_ValueToAtom(ctx, key);
            JS_FreeValue(ctx, key);
        }
        if (qjs_live_names_append(ctx, ptab, plen, name) < 0)
            goto done;
    }
    if (t->kind == QJS_LIVE_LIST)
        (*ptab)[(*plen)++].atom = JS_ATOM_length;
    ret = 0;
done:
    if (ret < 0) {
        js_free_prop_enum(ctx, *ptab, *plen);
        *ptab = NULL;
        *plen = 0;
    }
    JS_FreeValue(ctx, keys);
    return ret;
}

static int qjs_live_delete(JSContext *ctx, JSValueConst obj, JSAtom prop)
{
    QJSLive *l = qjs_live_of(obj);
    JSValue key;
    int found;

    if (l->type->kind == QJS_LIVE_LIST && prop == JS_ATOM_length)
        return false;
    found = qjs_live_key(ctx, l->type, prop, &key);
    if (found <= 0)
        return found < 0 ? -1 : true;
    if (l->type->kind == QJS_LIVE_STRUCT)
        return false;
    return qjs_live_test(ctx, l, QJS_LIVE_DELETE, key, JS_UNDEFINED);
}

/* Change an own property. own: key  borrow: value  raises: yes */
static int qjs_live_put(JSContext *ctx, JSValueConst obj, uint32_t op, JSValue key, JSValueConst value, int flags)
{
    JSValue flat = JS_UNDEFINED;
    int ret;

    if (JS_VALUE_GET_TAG(value) == JS_TAG_STRING_ROPE) {
        flat = js_linearize_string_rope(ctx, value);
        if (JS_IsException(flat)) {
            JS_FreeValue(ctx, key);
            return -1;
        }
        value = flat;
    }
    ret = qjs_live_test(ctx, qjs_live_of(obj), op, key, value);
    JS_FreeValue(ctx, flat);
    return ret ? ret : JS_ThrowTypeErrorOrFalse(ctx, flags, "object is not extensible");
}

/* Assign to an own property. Returns 2 if there can be none of that name.
   own: none  raises: yes */
static int qjs_live_assign(JSContext *ctx, JSValueConst obj, JSAtom prop, JSValueConst value, int flags)
{
    QJSLive *l = qjs_live_of(obj);
    JSValue key;
    int found;

    if (l->type->kind == QJS_LIVE_LIST && prop == JS_ATOM_length)
        return qjs_live_put(ctx, obj, QJS_LIVE_RESIZE, JS_UNDEFINED, value, flags);
    found = qjs_live_key(ctx, l->type, prop, &key);
    if (found <= 0)
        return found < 0 ? -1 : 2;
    if (l->type->kind == QJS_LIVE_STRUCT && l->type->fields[JS_VALUE_GET_INT(key)].read_only)
        return JS_ThrowTypeErrorReadOnly(ctx, flags, prop);
    if (l->type->kind == QJS_LIVE_MAP && !JS_VALUE_GET_OBJ(obj)->extensible) {
        found = qjs_live_test(ctx, l, QJS_LIVE_HAS, js_dup(key), JS_UNDEFINED);
        if (found <= 0) {
            JS_FreeValue(ctx, key);
            return found < 0 ? -1 : JS_ThrowTypeErrorOrFalse(ctx, flags, "object is not extensible");
        }
    }
    return qjs_live_put(ctx, obj, QJS_LIVE_SET, key, value, flags);
}

static int qjs_live_define(JSContext *ctx, JSValueConst obj, JSAtom prop, JSValueConst val,
                           JSValueConst getter, JSValueConst setter, int flags)
{
    JSPropertyDescriptor desc;
    int ret, have, wanted = (flags >> JS_PROP_HAS_SHIFT) & JS_PROP_C_W_E;

    if (flags & (JS_PROP_HAS_GET | JS_PROP_HAS_SET))
        return JS_ThrowTypeErrorOrFalse(ctx, flags, "a live object cannot have accessors");
    ret = qjs_live_get_own(ctx, &desc, obj, prop);
    if (ret < 0)
        return -1;
    have = JS_PROP_C_W_E;
    if (ret > 0) {
        have = desc.flags;
        js_free_desc(ctx, &desc);
    } else {
        wanted = JS_PROP_C_W_E; /* what is not said is false for a new property */
    }
    if ((flags ^ have) & wanted)
        return JS_ThrowTypeErrorOrFalse(ctx, flags, "property of a live object cannot be redefined");
    if (ret > 0 && !(flags & JS_PROP_HAS_VALUE))
        return true;
    ret = qjs_live_assign(ctx, obj, prop, val, flags);
    return ret == 2 ? JS_ThrowTypeErrorOrFalse(ctx, flags, "object is not extensible") : ret;
}

/* An assignment to an object that inherits from a live one.
   own: none  raises: yes  runs-js: yes */
static int qjs_live_set_heir(JSContext *ctx, JSAtom prop, JSValueConst value, JSValueConst receiver, int flags)
{
    int ret, have;

    if (!JS_IsObject(receiver))
        return JS_ThrowTypeErrorOrFalse(ctx, flags, "not an object");
    ret = JS_GetOwnPropertyFlagsInternal(ctx, &have, JS_VALUE_GET_OBJ(receiver), prop);
    if (ret < 0)
        return -1;
    flags &= JS_PROP_THROW | JS_PROP_THROW_STRICT;
    if (ret && ((have & JS_PROP_GETSET) || !(have & JS_PROP_WRITABLE)))
        return JS_ThrowTypeErrorReadOnly(ctx, flags, prop);
    flags |= JS_PROP_HAS_VALUE;
    if (!ret)
        flags |= JS_PROP_HAS_CONFIGURABLE | JS_PROP_HAS_WRITABLE | JS_PROP_HAS_ENUMERABLE | JS_PROP_C_W_E;
    return JS_DefineProperty(ctx, receiver, prop, value, JS_UNDEFINED, JS_UNDEFINED, flags);
}

/* A map's entry is assigned to whatever its prototypes have of that name, also if
   it is "__proto__". */
static int qjs_live_set(JSContext *ctx, JSValueConst obj, JSAtom prop, JSValueConst value,
                        JSValueConst receiver, int flags)
{
    JSPropertyDescriptor desc;
    JSObject *proto;
    int ret;

    if (JS_IsObject(receiver) && JS_VALUE_GET_OBJ(receiver) == JS_VALUE_GET_OBJ(obj)) {
        ret = qjs_live_assign(ctx, obj, prop, value, flags);
        if (ret != 2)
            return ret;
    } else {
        ret = qjs_live_get_own(ctx, &desc, obj, prop);
        if (ret < 0)
            return -1;
        if (ret > 0) {
            js_free_desc(ctx, &desc);
            if (!(desc.flags & JS_PROP_WRITABLE))
                return JS_ThrowTypeErrorReadOnly(ctx, flags, prop);
            return qjs_live_set_heir(ctx, prop, value, receiver, flags);
        }
    }
    proto = JS_VALUE_GET_OBJ(obj)->shape->proto;
    if (!proto) {
        if (JS_IsObject(receiver) && JS_VALUE_GET_OBJ(receiver) != JS_VALUE_GET_OBJ(obj))
            return qjs_live_set_heir(ctx, prop, value, receiver, flags);
        return JS_ThrowTypeErrorOrFalse(ctx, flags, "object is not extensible");
    }
    if (js_check_stack_overflow(ctx->rt, 0)) {
        JS_ThrowStackOverflow(ctx);
        return -1;
    }
    return JS_SetPropertyInternal2(ctx, JS_MKPTR(JS_TAG_OBJECT, proto), prop, js_dup(value), receiver, flags);
}

static const JSClassExoticMethods qjs_live_exotic = {
    .get_own_property = qjs_live_get_own,
    .get_own_property_names = qjs_live_own_names,
    .delete_property = qjs_live_delete,
    .define_own_property = qjs_live_define,
    .set_property = qjs_live_set,
};

static const JSClassDef qjs_live_def = {
    "Live",
    .finalizer = qjs_live_finalizer,
    .exotic = (JSClassExoticMethods *)&qjs_live_exotic,
};

static int qjs_live_init(JSContext *ctx)
{
    JSRuntime *rt = ctx->rt;
    JS_NewClassID(rt, &qjs_live_class);
    JS_NewClassID(rt, &qjs_live_list_class);
    return JS_NewClass(rt, qjs_live_class, &qjs_live_def) < 0 ||
                   JS_NewClass(rt, qjs_live_list_class, &qjs_live_def) < 0
               ? -1
               : 0;
}
