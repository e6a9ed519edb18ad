/* Names: constructor, Symbol.toStringTag, and the prefix they make in front of the braces. */

static int qjs_inspect_value(QJSInspect *s, JSValueConst v, int depth);
static int qjs_inspect_flush(QJSInspect *s, DynBuf *out);

typedef struct QJSName {
    DynBuf buf;
    bool absent; /* a constructor that does not exist: the object has a null prototype */
} QJSName;

static bool qjs_name_is(const QJSName *n, const char *str)
{
    size_t len = strlen(str);
    return !n->absent && n->buf.size == len && !memcmp(n->buf.buf, str, len);
}

static bool qjs_name_equal(const QJSName *a, const QJSName *b)
{
    return !a->absent && !b->absent && a->buf.size == b->buf.size &&
        (a->buf.size == 0 || !memcmp(a->buf.buf, b->buf.buf, a->buf.size));
}

static void qjs_name_put(QJSInspect *s, const QJSName *n)
{
    dbuf_put(&s->text, n->buf.buf, n->buf.size);
}

/* Name of the class that the engine gave the object at birth, whatever its prototype says now. */
static void qjs_name_class(QJSInspect *s, JSObject *p, DynBuf *out)
{
    JSContext *ctx = s->ctx;
    JSAtom atom = ctx->rt->class_array[p->class_id].class_name;
    JSValue name;

    if (JS_IsFunction(ctx, JS_MKPTR(JS_TAG_OBJECT, p)))
        atom = JS_ATOM_Function;
    name = JS_AtomToString(ctx, atom);
    if (JS_IsException(name)) {
        dbuf_set_error(out);
        return;
    }
    qjs_text_put_string(ctx, out, name, s->limit);
    JS_FreeValue(ctx, name);
}

/* Appends the `name` of a function if it is a data property with a string, found without running getters.
   Returns 1 if it wrote a non-empty name.
   own: none  borrow: p  raises: yes  runs-js: no */
static int qjs_name_function(QJSInspect *s, JSObject *p, DynBuf *out)
{
    QJSSlot slot;
    int ret = 0;

    if (qjs_slot_find(s->ctx, p, JS_ATOM_name, &slot, NULL))
        return -1;
    if (JS_IsString(slot.value) && string_rope_get_len(slot.value) > 0) {
        qjs_text_put_string(s->ctx, out, slot.value, s->limit);
        ret = 1;
    }
    qjs_slot_free(s->ctx, &slot);
    return ret;
}

/* OrdinaryHasInstance without code: Symbol.hasInstance and getters are not consulted. */
static int qjs_name_is_instance(QJSInspect *s, JSObject *obj, JSObject *ctor)
{
    JSContext *ctx = s->ctx;
    QJSSlot slot;
    JSObject *proto, *p;
    int ret = 0;

    while (ctor && ctor->class_id == JS_CLASS_BOUND_FUNCTION) {
        ctor = qjs_object_of(ctor->u.bound_function->func_obj);
        if (js_poll_interrupts(ctx))
            return -1;
    }
    if (!ctor || qjs_slot_find(ctx, ctor, JS_ATOM_prototype, &slot, NULL))
        return ctor ? -1 : 0;
    proto = qjs_object_of(slot.value);
    for (p = obj; proto && p && p->class_id != JS_CLASS_PROXY && !ret; p = p->shape->proto) {
        ret = p->shape->proto == proto;
        if (js_poll_interrupts(ctx)) {
            ret = -1;
            break;
        }
    }
    qjs_slot_free(ctx, &slot);
    return ret;
}

/* If p can name obj through its own data property `constructor`, appends that name and returns 1. */
static int qjs_name_from(QJSInspect *s, JSObject *obj, JSObject *p, DynBuf *out)
{
    JSContext *ctx = s->ctx;
    QJSSlot slot;
    JSObject *ctor;
    size_t start = out->size;
    int ret;

    if (qjs_slot_read(ctx, p, JS_ATOM_constructor, &slot))
        return -1;
    ret = 0;
    ctor = qjs_object_of(slot.value);
    if (ctor && JS_IsFunction(ctx, slot.value) && ctor->class_id != JS_CLASS_PROXY) {
        ret = qjs_name_is_instance(s, obj, ctor);
        if (ret > 0)
            ret = qjs_name_function(s, ctor, out);
    }
    qjs_slot_free(ctx, &slot);
    if (ret <= 0)
        out->size = start;
    return ret;
}

/* Appends the object with null prototype that ends a chain, by its name only.
   own: none  borrow: p  raises: yes  runs-js: no */
static no_inline int qjs_name_bottom(QJSInspect *s, JSObject *p, DynBuf *out)
{
    QJSInspectOptions opt = s->opt;
    QJSInspect inner;
    int ret;

    opt.depth = QJS_INSPECT_NAME_ONLY;
    qjs_inspect_init(&inner, s->ctx, &opt);
    ret = qjs_inspect_value(&inner, JS_MKPTR(JS_TAG_OBJECT, p), 0);
    if (!ret)
        ret = qjs_inspect_flush(&inner, out);
    qjs_inspect_done(&inner);
    return ret;
}

/* Finds the constructor name. Object.prototype and Function.prototype are known even if their `constructor` is
   tampered with.
   own: n->buf  borrow: obj  raises: yes  runs-js: no */
static int qjs_name_constructor(QJSInspect *s, JSObject *obj, QJSName *n)
{
    JSContext *ctx = s->ctx;
    JSObject *object_proto = qjs_object_of(ctx->class_proto[JS_CLASS_OBJECT]);
    JSObject *function_proto = qjs_object_of(ctx->function_proto);
    JSObject *p, *start = obj;
    int ret, level;

    for (level = 0; start; level++, start = start->shape->proto) {
        for (p = start; p && p->class_id != JS_CLASS_PROXY; p = p->shape->proto) {
            if ((p == object_proto || p == function_proto) && p != start) {
                dbuf_putstr(&n->buf, p == object_proto ? "Object" : "Function");
                ret = 1;
            } else {
                ret = qjs_name_from(s, start, p, &n->buf);
            }
            if (ret < 0 || qjs_inspect_check(s))
                return -1;
            if (ret > 0)
                goto found;
        }
        if (!start->shape->proto)
            break;
        /* The prototype has one, but nobody in the chain names a constructor: say what it is and what it is based on. */
        qjs_name_class(s, start, &n->buf);
        dbuf_putstr(&n->buf, " <");
        if (level > s->max_depth || level > 20 || start->shape->proto->class_id == JS_CLASS_PROXY) {
            dbuf_putstr(&n->buf, "Complex prototype");
            level++;
            goto found;
        }
    }
    if (level == 0) {
        n->absent = true;
        return 0;
    }
    if (qjs_name_bottom(s, start, &n->buf))
        return -1;
found:
    while (level-- > 0)
        dbuf_putstr(&n->buf, ">");
    return qjs_inspect_check(s) || n->buf.error ? -1 : 0;
}

/* Reads Symbol.toStringTag where it is a data property, or the built-in accessor of typed arrays. Empty when there is
   none, and when it is listed anyway because it is an own enumerable property.
   own: n->buf  borrow: obj  raises: yes  runs-js: no */
static int qjs_name_tag(QJSInspect *s, JSObject *obj, QJSName *n)
{
    QJSSlot slot;
    JSObject *holder = NULL;
    bool listed;

    if (qjs_slot_find(s->ctx, obj, JS_ATOM_Symbol_toStringTag, &slot, &holder))
        return -1;
    listed = holder == obj && (slot.enumerable || s->opt.show_hidden);
    if (slot.kind == QJS_SLOT_ACCESSOR && is_typed_array(obj->class_id))
        qjs_name_class(s, obj, &n->buf);
    else if (JS_IsString(slot.value) && !listed)
        qjs_text_put_string(s->ctx, &n->buf, slot.value, s->limit);
    qjs_slot_free(s->ctx, &slot);
    if (n->buf.error)
        return -1;
    return qjs_inspect_check(s);
}

/* Writes `Ctor(size) [tag]`, or `[Fallback(size): null prototype] [tag]`; the caller adds what follows. */
static void qjs_name_put_prefix(QJSInspect *s, const QJSName *ctor, const QJSName *tag, const char *fallback,
                                const char *size)
{
    bool tagged = tag->buf.size > 0;

    if (ctor->absent) {
        dbuf_printf(&s->text, "[%s%s: null prototype]", fallback, size);
        tagged = tagged && !qjs_name_is(tag, fallback);
    } else {
        qjs_name_put(s, ctor);
        qjs_inspect_put(s, size);
        tagged = tagged && !qjs_name_equal(ctor, tag);
    }
    if (tagged) {
        qjs_inspect_put(s, " [");
        qjs_name_put(s, tag);
        qjs_inspect_put(s, "]");
    }
}

/* The same for values without a format of their own, where the fallback is the engine's class. */
static int qjs_name_put_plain(QJSInspect *s, JSObject *p, const QJSName *ctor, const QJSName *tag)
{
    DynBuf fallback;
    bool same;

    js_dbuf_init(s->ctx, &fallback);
    if (ctor->absent)
        qjs_name_class(s, p, &fallback);
    dbuf_putc(&fallback, '\0');
    if (fallback.error) {
        dbuf_free(&fallback);
        return -1;
    }
    same = tag->buf.size > 0 && qjs_name_is(tag, (char *)fallback.buf);
    qjs_name_put_prefix(s, ctor, tag, same ? "Object" : (char *)fallback.buf, "");
    dbuf_free(&fallback);
    return 0;
}
