/* What is inside arrays, typed arrays, buffers, Map, Set, their iterators and promises. */

static int qjs_inspect_property(QJSInspect *s, JSObject *p, JSAtom atom, int depth, bool value_only);

static int qjs_list_more(QJSInspect *s, uint64_t n)
{
    if (qjs_inspect_mark(s))
        return -1;
    dbuf_printf(&s->text, "... %" PRIu64 " more item%s", n, n > 1 ? "s" : "");
    return 0;
}

static int qjs_list_empty(QJSInspect *s, uint32_t n)
{
    char buf[48];

    if (qjs_inspect_mark(s))
        return -1;
    snprintf(buf, sizeof(buf), "<%u empty item%s>", n, n > 1 ? "s" : "");
    qjs_style_put(s, QJS_STYLE_UNDEFINED, buf);
    return 0;
}

static uint32_t qjs_list_array_length(JSObject *p)
{
    JSValueConst len = p->prop[0].u.value; /* an array's length is always its first slot */
    uint32_t n = 0;

    if (JS_VALUE_GET_NORM_TAG(len) == JS_TAG_INT)
        n = JS_VALUE_GET_INT(len);
    else if (JS_VALUE_GET_NORM_TAG(len) == JS_TAG_FLOAT64)
        n = JS_VALUE_GET_FLOAT64(len);
    return n;
}

/* The rest of an array from its first hole on: goes from one existing index to the next, never over the holes.
   own: none  borrow: p  raises: yes  runs-js: no */
static int qjs_list_sparse(QJSInspect *s, JSObject *p, int depth, uint32_t length, uint32_t shown, uint32_t index,
                           uint32_t used)
{
    QJSKeys keys;
    int ret = -1;

    if (qjs_keys_collect(s, p, QJS_KEYS_ONLY_INDEX, &keys))
        goto done;
    for (int i = index; i < keys.count && used < shown && !s->truncated; i++) {
        if (keys.tab[i].index != index) {
            if (qjs_list_empty(s, keys.tab[i].index - index))
                goto done;
            index = keys.tab[i].index;
            if (++used == shown)
                break;
        }
        if (qjs_inspect_mark(s) || qjs_inspect_property(s, p, keys.tab[i].atom, depth, true))
            goto done;
        index++;
        used++;
    }
    ret = 0;
    if (index < length)
        ret = used < shown ? qjs_list_empty(s, length - index) : qjs_list_more(s, length - index);
done:
    qjs_keys_free(s, &keys);
    return ret;
}

static int qjs_list_array(QJSInspect *s, JSObject *p, int depth)
{
    uint32_t length = qjs_list_array_length(p), shown = min_uint32(length, s->opt.max_array_length);

    for (uint32_t i = 0; i < shown && !s->truncated; i++) {
        JSProperty *pr;
        JSAtom atom = __JS_AtomFromUInt32(i);
        if (!(p->fast_array && i < p->u.array.count) && !find_own_property(&pr, p, atom))
            return qjs_list_sparse(s, p, depth, length, shown, i, i);
        if (qjs_inspect_mark(s) || qjs_inspect_property(s, p, atom, depth, true))
            return -1;
    }
    return length > shown ? qjs_list_more(s, length - shown) : 0;
}

static uint32_t qjs_list_typed_length(JSObject *p)
{
    return typed_array_is_oob(p) ? 0 : p->u.array.count;
}

static int qjs_list_typed(QJSInspect *s, JSObject *p)
{
    uint32_t length = qjs_list_typed_length(p), shown = min_uint32(length, s->opt.max_array_length);
    JSValue v;
    int ret;

    for (uint32_t i = 0; i < shown && !s->truncated; i++) {
        if (qjs_inspect_mark(s) || !js_get_fast_array_element(s->ctx, p, i, &v) || JS_IsException(v))
            return -1;
        ret = qjs_inspect_primitive(s, v);
        JS_FreeValue(s->ctx, v);
        if (ret || qjs_inspect_check(s))
            return -1;
    }
    return length > shown ? qjs_list_more(s, length - shown) : 0;
}

static int qjs_list_buffer(QJSInspect *s, JSObject *p)
{
    JSArrayBuffer *b = p->u.array_buffer;
    uint32_t length = b->byte_length, shown = min_uint32(length, s->opt.max_array_length);

    if (qjs_inspect_mark(s))
        return -1;
    if (b->detached) {
        qjs_style_put(s, QJS_STYLE_SPECIAL, "(detached)");
        return 0;
    }
    qjs_style_put(s, QJS_STYLE_SPECIAL, "[Uint8Contents]");
    qjs_inspect_put(s, ": <");
    for (uint32_t i = 0; i < shown && !s->truncated; i++) {
        dbuf_printf(&s->text, i ? " %02x" : "%02x", b->data[i]);
        if (qjs_inspect_check(s))
            return -1;
    }
    if (length > shown)
        dbuf_printf(&s->text, " ... %u more byte%s", length - shown, length - shown > 1 ? "s" : "");
    qjs_inspect_put(s, ">");
    return 0;
}

/* `name: number` as an entry, for what is an accessor of the prototype. */
static int qjs_list_number(QJSInspect *s, const char *name, uint32_t n)
{
    char buf[16];

    if (qjs_inspect_mark(s))
        return -1;
    snprintf(buf, sizeof(buf), "%u", n);
    dbuf_printf(&s->text, "%s: ", name);
    qjs_style_put(s, QJS_STYLE_NUMBER, buf);
    return 0;
}

static int qjs_list_view(QJSInspect *s, JSObject *p, int depth)
{
    JSTypedArray *ta = p->u.typed_array;
    JSArrayBuffer *b = ta->buffer->u.array_buffer;
    bool gone = b->detached || ta->offset > (uint32_t)b->byte_length ||
        (!ta->track_rab && (uint64_t)ta->offset + ta->length > (uint32_t)b->byte_length);
    uint32_t length = gone ? 0 : ta->track_rab ? b->byte_length - ta->offset : ta->length;
    int ret;

    if (qjs_list_number(s, "byteLength", length) || qjs_list_number(s, "byteOffset", gone ? 0 : ta->offset) ||
        qjs_inspect_mark(s))
        return -1;
    qjs_inspect_put(s, "buffer: ");
    s->indent += 2;
    ret = qjs_inspect_value(s, JS_MKPTR(JS_TAG_OBJECT, ta->buffer), depth);
    s->indent -= 2;
    return ret;
}

/* One record of a Map or Set: `key`, `key => value` or `[ key, value ]`. */
static int qjs_list_record(QJSInspect *s, JSMapRecord *mr, bool is_set, JSIteratorKindEnum kind, bool pairs, int depth)
{
    JSValueConst value = is_set ? mr->key : mr->value;
    QJSFrame f;

    if (qjs_inspect_mark(s))
        return -1;
    if (kind != JS_ITERATOR_KIND_KEY_AND_VALUE)
        return qjs_inspect_value(s, kind == JS_ITERATOR_KIND_VALUE ? value : mr->key, depth);
    f = (QJSFrame){ s->text.size, s->text.size, s->mark_count };
    if (pairs) {
        qjs_inspect_put(s, "[");
        if (qjs_inspect_mark(s))
            return -1;
    }
    if (qjs_inspect_value(s, mr->key, depth))
        return -1;
    if (!pairs) {
        qjs_inspect_put(s, " => ");
    } else if (qjs_inspect_mark(s)) {
        return -1;
    }
    if (qjs_inspect_value(s, value, depth))
        return -1;
    return pairs ? qjs_inspect_reduce(s, &f, "]", true, depth, 0, NULL) : 0;
}

/* The records from `el` on.
   own: none  borrow: state  raises: yes  runs-js: no */
static int qjs_list_records(QJSInspect *s, JSMapState *state, struct list_head *el, bool is_set,
                            JSIteratorKindEnum kind, bool pairs, int depth)
{
    uint32_t shown = 0, left = 0;

    s->indent += 2;
    for (; el != &state->records && !s->truncated; el = el->next) {
        JSMapRecord *mr = list_entry(el, JSMapRecord, link);
        if (qjs_inspect_check(s))
            return -1;
        if (mr->empty)
            continue;
        if (shown == s->opt.max_array_length) {
            left++;
            continue;
        }
        shown++;
        if (qjs_list_record(s, mr, is_set, kind, pairs, depth))
            return -1;
    }
    s->indent -= 2;
    return left > 0 ? qjs_list_more(s, left) : 0;
}

static int qjs_list_collection(QJSInspect *s, JSObject *p, int depth)
{
    bool is_set = p->class_id == JS_CLASS_SET;
    JSMapState *state = p->u.map_state;

    return qjs_list_records(s, state, state->records.next, is_set,
                            is_set ? JS_ITERATOR_KIND_KEY : JS_ITERATOR_KIND_KEY_AND_VALUE, false, depth);
}

/* What an iterator has still to give; reading it does not advance it. */
static int qjs_list_iterator(QJSInspect *s, JSObject *p, int depth)
{
    JSMapIteratorData *it = p->u.map_iterator_data;
    JSObject *source = it ? qjs_object_of(it->obj) : NULL;
    JSMapState *state;

    if (!source)
        return 0;
    state = source->u.map_state;
    return qjs_list_records(s, state, it->cur_record ? it->cur_record->link.next : state->records.next,
                            source->class_id == JS_CLASS_SET, it->kind, true, depth);
}

static int qjs_list_promise(QJSInspect *s, JSObject *p, int depth)
{
    JSPromiseData *d = p->u.promise_data;
    int ret;

    if (qjs_inspect_mark(s))
        return -1;
    if (!d || d->promise_state == JS_PROMISE_PENDING) {
        qjs_style_put(s, QJS_STYLE_SPECIAL, "<pending>");
        return 0;
    }
    if (d->promise_state == JS_PROMISE_REJECTED) {
        qjs_style_put(s, QJS_STYLE_SPECIAL, "<rejected>");
        qjs_inspect_put(s, " ");
    }
    s->indent += 2;
    ret = qjs_inspect_value(s, d->promise_result, depth);
    s->indent -= 2;
    return ret;
}
