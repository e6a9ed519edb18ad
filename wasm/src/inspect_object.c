/* Objects: which format a value has, its prefix, its entries. */

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

/* Formats with braces for everything else. */
static int qjs_view_braces(QJSInspect *s, QJSView *w)
{
    JSObject *p = w->obj;
    JSClassID id = p->class_id;
    size_t start = s->text.size;
    const char *fallback;

    if (qjs_name_is(&w->ctor, "Object")) {
        if (id == JS_CLASS_ARGUMENTS || id == JS_CLASS_MAPPED_ARGUMENTS)
            qjs_view_open(s, w, "[Arguments] {");
        else if (w->tag.buf.size > 0)
            qjs_view_prefix(s, w, "Object", "", " {");
        else
            qjs_view_open(s, w, "{");
        if (w->keys.count == 0)
            qjs_view_finish(s, w, "}");
        return 0;
    }
    switch (id) {
    case JS_CLASS_ARRAY_BUFFER:
    case JS_CLASS_SHARED_ARRAY_BUFFER:
        w->body = QJS_BODY_BUFFER;
        fallback = id == JS_CLASS_ARRAY_BUFFER ? "ArrayBuffer" : "SharedArrayBuffer";
        break;
    case JS_CLASS_DATAVIEW:
        w->body = QJS_BODY_VIEW;
        fallback = "DataView";
        break;
    case JS_CLASS_PROMISE:
        w->body = QJS_BODY_PROMISE;
        fallback = "Promise";
        break;
    case JS_CLASS_WEAKSET:
    case JS_CLASS_WEAKMAP:
        w->body = QJS_BODY_WEAK;
        fallback = id == JS_CLASS_WEAKSET ? "WeakSet" : "WeakMap";
        break;
    case JS_CLASS_MODULE_NS:
        w->body = QJS_BODY_MODULE;
        fallback = "Module";
        break;
    default:
        w->frame.brace = start;
        if (qjs_name_put_plain(s, p, &w->ctor, &w->tag))
            return -1;
        qjs_inspect_put(s, " {");
        if (w->keys.count == 0)
            qjs_view_finish(s, w, "}");
        return 0;
    }
    qjs_view_prefix(s, w, fallback, "", " {");
    return 0;
}

/* Finds names, format and keys, and writes what stands in front of the entries.
   own: w->ctor, w->tag, w->keys  borrow: w->obj  raises: yes  runs-js: no */
static int qjs_view_head(QJSInspect *s, QJSView *w, int depth)
{
    JSObject *p = w->obj;
    int ret, flags = s->opt.show_hidden ? QJS_KEYS_HIDDEN : 0;

    w->close = "}";
    w->frame = (QJSFrame){ s->text.size, s->text.size, s->mark_count };
    if (qjs_name_constructor(s, p, &w->ctor) || qjs_name_tag(s, p, &w->tag))
        return -1;
    ret = qjs_view_iterable(s, w);
    if (ret)
        return ret < 0 ? -1 : 0;
    if (p->class_id == JS_CLASS_STRING && !qjs_name_is(&w->ctor, "Object"))
        flags |= QJS_KEYS_NO_DENSE;
    if (qjs_keys_collect(s, p, flags, &w->keys))
        return -1;
    ret = qjs_view_text(s, w, depth);
    if (ret)
        return ret < 0 ? -1 : 0;
    return qjs_view_braces(s, w);
}

/* The entries: contents first, properties after them. */
static int qjs_view_body(QJSInspect *s, QJSView *w, int depth)
{
    JSObject *p = w->obj;
    int ret = 0;

    switch (w->body) {
    case QJS_BODY_ARRAY:
        ret = qjs_list_array(s, p, depth);
        break;
    case QJS_BODY_TYPED:
        ret = qjs_list_typed(s, p);
        break;
    case QJS_BODY_COLLECTION:
        ret = qjs_list_collection(s, p, depth);
        break;
    case QJS_BODY_ITERATOR:
        ret = qjs_list_iterator(s, p, depth);
        break;
    case QJS_BODY_BUFFER:
        ret = qjs_list_buffer(s, p) || qjs_list_number(s, "byteLength", p->u.array_buffer->byte_length);
        break;
    case QJS_BODY_VIEW:
        ret = qjs_list_view(s, p, depth);
        break;
    case QJS_BODY_PROMISE:
        ret = qjs_list_promise(s, p, depth);
        break;
    case QJS_BODY_WEAK:
        ret = qjs_inspect_mark(s);
        qjs_style_put(s, QJS_STYLE_SPECIAL, "<items unknown>");
        break;
    default:
        break;
    }
    for (int i = 0; !ret && i < w->keys.count && !s->truncated; i++)
        ret = qjs_inspect_mark(s) || qjs_inspect_property(s, p, w->keys.tab[i].atom, depth, false);
    return ret ? -1 : 0;
}

/* Number of a [Circular *n] that points to p, 0 if there is none. */
static int qjs_view_reference(QJSInspect *s, JSObject *p)
{
    for (int i = 0; i < s->circular_count; i++) {
        if (s->circular[i] == p)
            return i + 1;
    }
    return 0;
}

static int qjs_view_write(QJSInspect *s, QJSView *w, int depth)
{
    JSObject *p = w->obj;
    bool is_list;

    if (qjs_view_head(s, w, depth))
        return -1;
    if (w->done)
        return 0;
    if (depth > s->max_depth) {
        s->text.size = w->frame.base;
        qjs_style_on(s, QJS_STYLE_SPECIAL);
        qjs_inspect_put(s, w->ctor.absent ? "" : "[");
        if (qjs_name_put_plain(s, p, &w->ctor, &w->tag))
            return -1;
        qjs_inspect_put(s, w->ctor.absent ? "" : "]");
        qjs_style_off(s, QJS_STYLE_SPECIAL);
        return 0;
    }
    if (js_resize_array(s->ctx, (void **)&s->seen, sizeof(s->seen[0]), &s->seen_size, s->seen_count + 1))
        return -1;
    s->seen[s->seen_count++] = p;
    s->current_depth = depth + 1;
    if (qjs_view_body(s, w, depth + 1))
        return -1;
    s->seen_count--;
    is_list = w->body == QJS_BODY_ARRAY || w->body == QJS_BODY_TYPED;
    return qjs_inspect_reduce(s, &w->frame, w->close, is_list, depth + 1, qjs_view_reference(s, p), is_list ? p : NULL);
}

/* own: none  borrow: p  raises: yes  runs-js: no */
static int qjs_inspect_object(QJSInspect *s, JSObject *p, int depth)
{
    QJSView w = { .obj = p };
    int ret;

    js_dbuf_init(s->ctx, &w.ctor.buf);
    js_dbuf_init(s->ctx, &w.tag.buf);
    ret = qjs_view_write(s, &w, depth);
    dbuf_free(&w.ctor.buf);
    dbuf_free(&w.tag.buf);
    qjs_keys_free(s, &w.keys);
    return ret ? -1 : 0;
}
