/* Objects: head, entries, reference. */

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
    s->seen[s->seen_count++] = w->self;
    s->current_depth = depth + 1;
    if (qjs_view_body(s, w, depth + 1))
        return -1;
    s->seen_count--;
    is_list = w->body == QJS_BODY_ARRAY || w->body == QJS_BODY_TYPED;
    return qjs_inspect_reduce(s, &w->frame, w->close, is_list, depth + 1, qjs_view_reference(s, w->self), is_list ? p : NULL);
}

/* own: none  borrow: p  raises: yes  runs-js: no */
static int qjs_inspect_object(QJSInspect *s, JSObject *p, int depth)
{
    QJSView w = { .obj = p, .self = p };
    JSValue snapshot = JS_UNDEFINED;
    int ret;

    if (qjs_is_live(p)) {
        snapshot = qjs_live_snapshot(s->ctx, p);
        if (JS_IsException(snapshot))
            return -1;
        w.obj = JS_VALUE_GET_OBJ(snapshot);
    }
    js_dbuf_init(s->ctx, &w.ctor.buf);
    js_dbuf_init(s->ctx, &w.tag.buf);
    ret = qjs_view_write(s, &w, depth);
    dbuf_free(&w.ctor.buf);
    dbuf_free(&w.tag.buf);
    qjs_keys_free(s, &w.keys);
    JS_FreeValue(s->ctx, snapshot);
    return ret ? -1 : 0;
}
