/* Which format an object has, and what it writes in front of its entries. */

typedef enum QJSBody {
    QJS_BODY_NONE,
    QJS_BODY_ARRAY,
    QJS_BODY_TYPED,
    QJS_BODY_COLLECTION,
    QJS_BODY_ITERATOR,
    QJS_BODY_BUFFER,
    QJS_BODY_VIEW,
    QJS_BODY_PROMISE,
    QJS_BODY_WEAK,
    QJS_BODY_MODULE, /* no entries but its keys, yet never printed short */
} QJSBody;

typedef struct QJSView {
    JSObject *obj;
    JSObject *self; /* what obj is shown for: obj, or the live object it is a snapshot of */
    QJSName ctor, tag;
    QJSKeys keys;
    QJSFrame frame;
    QJSBody body;
    const char *close;
    bool done; /* the head says everything */
} QJSView;

/* Writes the opening brace behind the prefix written since frame.base. */
static void qjs_view_open(QJSInspect *s, QJSView *w, const char *brace)
{
    w->frame.brace = w->frame.base;
    qjs_inspect_put(s, brace);
}

/* Prefix with the constructor's name, then the brace. */
static void qjs_view_prefix(QJSInspect *s, QJSView *w, const char *fallback, const char *size, const char *brace)
{
    w->frame.brace = s->text.size;
    qjs_name_put_prefix(s, &w->ctor, &w->tag, fallback, size);
    qjs_inspect_put(s, brace);
}

/* Ends a head that has no entries to follow. */
static void qjs_view_finish(QJSInspect *s, QJSView *w, const char *close)
{
    qjs_inspect_put(s, close);
    w->done = true;
}

static int qjs_view_array(QJSInspect *s, QJSView *w)
{
    char size[16];
    uint32_t length = qjs_list_array_length(w->obj);

    w->body = QJS_BODY_ARRAY;
    w->close = "]";
    snprintf(size, sizeof(size), "(%u)", length);
    if (qjs_keys_collect(s, w->obj, QJS_KEYS_NO_INDEX | (s->opt.show_hidden ? QJS_KEYS_HIDDEN : 0), &w->keys))
        return -1;
    if (qjs_name_is(&w->ctor, "Array") && w->tag.buf.size == 0)
        qjs_view_open(s, w, "[");
    else
        qjs_view_prefix(s, w, "Array", size, " [");
    if (length == 0 && w->keys.count == 0)
        qjs_view_finish(s, w, "]");
    return 0;
}

static int qjs_view_typed(QJSInspect *s, QJSView *w)
{
    char size[16], fallback[32];
    uint32_t length = qjs_list_typed_length(w->obj);

    w->body = QJS_BODY_TYPED;
    w->close = "]";
    snprintf(size, sizeof(size), "(%u)", length);
    JS_AtomGetStr(s->ctx, fallback, sizeof(fallback), s->ctx->rt->class_array[w->obj->class_id].class_name);
    if (qjs_keys_collect(s, w->obj, QJS_KEYS_NO_INDEX | (s->opt.show_hidden ? QJS_KEYS_HIDDEN : 0), &w->keys))
        return -1;
    qjs_view_prefix(s, w, fallback, size, " [");
    if (length == 0 && w->keys.count == 0)
        qjs_view_finish(s, w, "]");
    return 0;
}

static int qjs_view_collection(QJSInspect *s, QJSView *w)
{
    char size[16];
    uint32_t count = w->obj->u.map_state->record_count;

    w->body = QJS_BODY_COLLECTION;
    snprintf(size, sizeof(size), "(%u)", count);
    qjs_view_prefix(s, w, w->obj->class_id == JS_CLASS_SET ? "Set" : "Map", size, " {");
    if (count == 0 && w->keys.count == 0)
        qjs_view_finish(s, w, "}");
    return 0;
}

static int qjs_view_iterator(QJSInspect *s, QJSView *w)
{
    JSMapIteratorData *it = w->obj->u.map_iterator_data;
    bool is_set = w->obj->class_id == JS_CLASS_SET_ITERATOR;
    bool entries = it && it->kind == JS_ITERATOR_KIND_KEY_AND_VALUE;

    w->body = QJS_BODY_ITERATOR;
    w->frame.brace = s->text.size;
    qjs_inspect_put(s, "[");
    if (w->tag.buf.size > 0 && !qjs_name_is(&w->tag, is_set ? "Set Iterator" : "Map Iterator")) {
        qjs_name_put(s, &w->tag);
        qjs_inspect_put(s, "] [");
    }
    dbuf_printf(&s->text, "%s %s] {", is_set ? "Set" : "Map", entries ? "Entries" : "Iterator");
    return 0;
}

/* Formats of iterable objects. Returns 0 if the object has none of them. */
static int qjs_view_iterable(QJSInspect *s, QJSView *w)
{
    JSClassID id = w->obj->class_id;
    QJSSlot slot;
    bool iterable = w->ctor.absent;

    if (!iterable) {
        if (qjs_slot_find(s->ctx, w->obj, JS_ATOM_Symbol_iterator, &slot, NULL))
            return -1;
        iterable = slot.kind != QJS_SLOT_NONE;
        qjs_slot_free(s->ctx, &slot);
    }
    if (!iterable)
        return 0;
    if (id == JS_CLASS_ARRAY)
        return qjs_view_array(s, w) ? -1 : 1;
    if (is_typed_array(id))
        return qjs_view_typed(s, w) ? -1 : 1;
    if (id != JS_CLASS_MAP && id != JS_CLASS_SET && id != JS_CLASS_MAP_ITERATOR && id != JS_CLASS_SET_ITERATOR)
        return 0;
    if (qjs_keys_collect(s, w->obj, s->opt.show_hidden ? QJS_KEYS_HIDDEN : 0, &w->keys))
        return -1;
    if (id == JS_CLASS_MAP || id == JS_CLASS_SET)
        return qjs_view_collection(s, w) ? -1 : 1;
    return qjs_view_iterator(s, w) ? -1 : 1;
}

/* Formats that are a text, followed by braces only if there are properties. Returns 0 if the object has none of them. */
static int qjs_view_text(QJSInspect *s, QJSView *w, int depth)
{
    JSObject *p = w->obj;
    JSValueConst v = JS_MKPTR(JS_TAG_OBJECT, p);
    size_t start = s->text.size;
    QJSStyle style = QJS_STYLE_NONE;
    const char *type;
    int ret = 0;

    if (JS_IsFunction(s->ctx, v)) {
        style = QJS_STYLE_SPECIAL;
        ret = qjs_inspect_function(s, p, &w->ctor, &w->tag);
    } else if (qjs_name_is(&w->ctor, "Object")) {
        return 0;
    } else if (p->class_id == JS_CLASS_REGEXP || p->class_id == JS_CLASS_DATE) {
        bool regexp = p->class_id == JS_CLASS_REGEXP;
        type = regexp ? "RegExp" : "Date";
        style = regexp ? QJS_STYLE_REGEXP : QJS_STYLE_DATE;
        if (!qjs_name_is(&w->ctor, type) || w->tag.buf.size > 0) {
            qjs_name_put_prefix(s, &w->ctor, &w->tag, type, "");
            qjs_inspect_put(s, " ");
        }
        ret = regexp ? qjs_inspect_regexp(s, v) : qjs_inspect_date(s, v);
        w->done = regexp && depth > s->max_depth;
    } else if (qjs_error_is(s->ctx, p)) {
        ret = qjs_inspect_error(s, p, &w->ctor, &w->tag, &w->keys);
    } else if ((type = qjs_inspect_box_type(p)) != NULL) {
        ret = qjs_inspect_box(s, p, &w->ctor, &w->tag, w->keys.count == 0);
    } else {
        return 0;
    }
    if (ret)
        return -1;
    w->done = w->done || w->keys.count == 0;
    if (w->done)
        return qjs_style_wrap(s, style, start) ? -1 : 1;
    w->frame.brace = s->text.size;
    qjs_inspect_put(s, "{");
    return 1;
}
