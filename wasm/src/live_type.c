/* What the live objects of one Go type share: the names of its fields, and the
 * prototype with its methods. A type stays for as long as the guest does; there
 * are no more of them than the program has. */

static JSValue qjs_live_construct(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
    return JS_ThrowTypeError(ctx, "Illegal constructor");
}

/* The iterator of a map: over its entries as they are now. */
static JSValue qjs_live_entries(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    JSValue entries, it;

    if (!JS_IsObject(this_val) || JS_VALUE_GET_OBJ(this_val)->class_id != qjs_live_class ||
        qjs_live_of(this_val)->type->kind != QJS_LIVE_MAP)
        return JS_ThrowTypeError(ctx, "not a live map");
    entries = qjs_live_ask(ctx, qjs_live_of(this_val), QJS_LIVE_ENTRIES, JS_UNDEFINED, JS_UNDEFINED);
    if (JS_IsException(entries))
        return entries;
    it = js_create_array_iterator(ctx, entries, 0, NULL, JS_ITERATOR_KIND_VALUE);
    JS_FreeValue(ctx, entries);
    return it;
}

static void qjs_live_type_free(JSContext *ctx, QJSLiveType *t)
{
    uint32_t i;
    for (i = 0; i < t->count; i++)
        JS_FreeAtom(ctx, t->fields[i].name);
    JS_FreeValue(ctx, t->proto);
    js_free(ctx, t->slots);
    js_free(ctx, t);
}

static JSAtom qjs_tape_atom(QJSReader *r)
{
    JSValue s = qjs_tape_string_record(r);
    JSAtom atom = JS_IsException(s) ? JS_ATOM_NULL : JS_ValueToAtom(r->ctx, s);
    JS_FreeValue(r->ctx, s);
    return atom;
}

static int qjs_live_read_fields(QJSReader *r, QJSLiveType *t, uint32_t count)
{
    uint8_t read_only;
    uint32_t size = 4;

    while (size < 2 * count)
        size *= 2;
    t->slots = js_mallocz(r->ctx, size * sizeof(*t->slots));
    if (!t->slots)
        return -1;
    t->mask = size - 1;
    while (t->count < count) {
        QJSLiveField *f = &t->fields[t->count];
        f->name = qjs_tape_atom(r);
        if (f->name == JS_ATOM_NULL)
            return -1;
        t->slots[qjs_live_slot(t, f->name)] = ++t->count;
        if (!qjs_tape_take(r, &read_only, 1)) {
            qjs_tape_malformed(r);
            return -1;
        }
        f->read_only = read_only;
    }
    return 0;
}

static int qjs_live_read_methods(QJSReader *r, JSValueConst proto)
{
    uint32_t n;

    if (!qjs_tape_take(r, &n, 4)) {
        qjs_tape_malformed(r);
        return -1;
    }
    while (n-- > 0) {
        JSAtom name = qjs_tape_atom(r);
        JSValue func;
        int ret;
        if (name == JS_ATOM_NULL)
            return -1;
        func = qjs_tape_value(r);
        ret = JS_IsException(func)
                  ? -1
                  : JS_DefinePropertyValue(r->ctx, proto, name, func, JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
        JS_FreeAtom(r->ctx, name);
        if (ret < 0)
            return -1;
    }
    return 0;
}

/* What the type's iterations begin with: a method, or UNDEFINED for what there is
   without it. own: none  raises: yes  runs-js: no */
static int qjs_live_read_iterator(QJSReader *r, QJSLiveType *t)
{
    JSValue func = qjs_tape_value(r);

    if (JS_IsUndefined(func)) {
        if (t->kind != QJS_LIVE_MAP)
            return 0;
        func = JS_NewCFunction(r->ctx, qjs_live_entries, "[Symbol.iterator]", 0);
    }
    if (JS_IsException(func))
        return -1;
    return JS_DefinePropertyValue(r->ctx, t->proto, JS_ATOM_Symbol_iterator, func,
                                  JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
}

/* The constructor: for instanceof, and what console.log says. own: none  raises: yes */
static int qjs_live_add_constructor(JSContext *ctx, QJSLiveType *t, JSValueConst name)
{
    const char *s = JS_ToCString(ctx, name);
    JSValue ctor, freeze[2];
    int ret = -1;

    if (!s)
        return -1;
    ctor = JS_NewCFunction2(ctx, qjs_live_construct, s, 0, JS_CFUNC_constructor_or_func, 0);
    JS_FreeCString(ctx, s);
    if (JS_IsException(ctor))
        return -1;
    if (JS_DefinePropertyValue(ctx, ctor, JS_ATOM_prototype, js_dup(t->proto), 0) < 0 ||
        JS_DefinePropertyValue(ctx, t->proto, JS_ATOM_constructor, js_dup(ctor),
                               JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0)
        goto done;
    if (t->kind != QJS_LIVE_LIST &&
        JS_DefinePropertyValue(ctx, t->proto, JS_ATOM_Symbol_toStringTag, js_dup(name), JS_PROP_CONFIGURABLE) < 0)
        goto done;
    ret = 0;
    if (ctx->frozen) {
        freeze[0] = js_object_seal(ctx, JS_UNDEFINED, 1, vc(&t->proto), 1);
        freeze[1] = js_object_seal(ctx, JS_UNDEFINED, 1, vc(&ctor), 1);
        if (JS_IsException(freeze[0]) || JS_IsException(freeze[1]))
            ret = -1;
        JS_FreeValue(ctx, freeze[0]);
        JS_FreeValue(ctx, freeze[1]);
    }
done:
    JS_FreeValue(ctx, ctor);
    return ret;
}

/* own: ret  raises: yes  runs-js: no */
static QJSLiveType *qjs_live_read_type(QJSReader *r, uint32_t kind)
{
    JSContext *ctx = r->ctx;
    QJSLiveType *t;
    JSValue name;
    uint32_t count;
    int ret;

    name = qjs_tape_string_record(r);
    if (JS_IsException(name))
        return NULL;
    if (!qjs_tape_take(r, &count, 4) || count > (size_t)(r->end - r->p)) {
        qjs_tape_malformed(r);
        JS_FreeValue(ctx, name);
        return NULL;
    }
    t = js_mallocz(ctx, sizeof(*t) + count * sizeof(t->fields[0]));
    if (!t) {
        JS_FreeValue(ctx, name);
        return NULL;
    }
    t->kind = kind;
    t->proto = JS_NewObjectProto(ctx, ctx->class_proto[kind == QJS_LIVE_LIST ? JS_CLASS_ARRAY : JS_CLASS_OBJECT]);
    ret = JS_IsException(t->proto) || qjs_live_read_fields(r, t, count) < 0 ||
          qjs_live_read_methods(r, t->proto) < 0 || qjs_live_read_iterator(r, t) < 0 ||
          qjs_live_add_constructor(ctx, t, name) < 0;
    JS_FreeValue(ctx, name);
    if (ret) {
        qjs_live_type_free(ctx, t);
        return NULL;
    }
    return t;
}

/* Make the type of a number from its description: the name; u32 count, fields as
   string and u8 read-only; u32 count, methods as string and FUNC; FUNC or
   UNDEFINED, that of Symbol.iterator. Returns 0 when
   memory is short. own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_live_type") uint32_t qjs_live_type(uint32_t number, uint32_t kind)
{
    JSContext *ctx = qjs_ctx;
    QJSReader r = { ctx };
    QJSLiveType *t = NULL;

    r.p = (const uint8_t *)(uintptr_t)qjs_io_block.in_ptr;
    r.end = r.p + qjs_io_block.in_cap;
    qjs_quiet_begin();
    if (number >= qjs_live.type_count) {
        uint32_t i, count = number + 8;
        QJSLiveType **grown = js_realloc(ctx, qjs_live.types, count * sizeof(*grown));
        if (grown) {
            for (i = qjs_live.type_count; i < count; i++)
                grown[i] = NULL;
            qjs_live.types = grown;
            qjs_live.type_count = count;
        }
    }
    if (number < qjs_live.type_count && !qjs_live.types[number])
        t = qjs_live.types[number] = qjs_live_read_type(&r, kind);
    js_free(ctx, r.containers);
    qjs_quiet_end();
    qjs_in_done();
    if (!t)
        JS_FreeValue(ctx, JS_GetException(ctx));
    return t != NULL;
}

/* u64 handle, u32 number of its type. own: ret  raises: yes  runs-js: no */
static JSValue qjs_tape_live(QJSReader *r)
{
    uint64_t handle;
    uint32_t type;
    JSValue v;

    if (!qjs_tape_take(r, &handle, 8) || !qjs_tape_take(r, &type, 4) || type >= qjs_live.type_count ||
        !qjs_live.types[type])
        return qjs_tape_malformed(r);
    v = qjs_live_object(r->ctx, handle, qjs_live.types[type]);
    return v;
}
