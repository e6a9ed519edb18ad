/* %j: JSON of plain data. What would need script code (toJSON, accessors, proxies, boxed primitives) is refused, and the
   caller inspects it instead. */

typedef enum QJSJSON {
    QJS_JSON_FAIL = -1, /* exception pending */
    QJS_JSON_DONE,
    QJS_JSON_ABSENT,    /* undefined, a function or a symbol */
    QJS_JSON_CIRCULAR,
    QJS_JSON_REFUSED,
} QJSJSON;

static QJSJSON qjs_json_value(QJSInspect *s, JSValueConst v);

static QJSJSON qjs_json_string(QJSInspect *s, JSValueConst str)
{
    uint16_t *units;
    uint32_t n;

    units = qjs_text_load(s->ctx, str, s->limit + 1, &n);
    if (!units)
        return QJS_JSON_FAIL;
    dbuf_putc(&s->text, '"');
    for (uint32_t i = 0; i < n; i++) {
        static const char letters[] = "btn\0fr"; /* for 8 to 13 */
        uint32_t c = units[i];
        if (c == '"' || c == '\\') {
            dbuf_putc(&s->text, '\\');
            dbuf_putc(&s->text, c);
        } else if (c >= 8 && c <= 13 && letters[c - 8]) {
            dbuf_putc(&s->text, '\\');
            dbuf_putc(&s->text, letters[c - 8]);
        } else if (is_hi_surrogate(c) && i + 1 < n && is_lo_surrogate(units[i + 1])) {
            qjs_text_put_code(&s->text, from_surrogate(c, units[++i]));
        } else if (c < 0x20 || is_surrogate(c)) {
            dbuf_printf(&s->text, "\\u%04x", c);
        } else {
            qjs_text_put_code(&s->text, c);
        }
    }
    dbuf_putc(&s->text, '"');
    js_free(s->ctx, units);
    return qjs_inspect_check(s) ? QJS_JSON_FAIL : QJS_JSON_DONE;
}

/* Reads an own property and writes it as JSON. */
static QJSJSON qjs_json_slot(QJSInspect *s, JSObject *p, JSAtom atom)
{
    QJSSlot slot;
    QJSJSON ret;

    if (qjs_slot_read(s->ctx, p, atom, &slot))
        return QJS_JSON_FAIL;
    if (slot.kind == QJS_SLOT_ACCESSOR || slot.kind == QJS_SLOT_UNSET)
        ret = QJS_JSON_REFUSED;
    else
        ret = qjs_json_value(s, slot.value);
    qjs_slot_free(s->ctx, &slot);
    return ret;
}

static QJSJSON qjs_json_array(QJSInspect *s, JSObject *p)
{
    uint32_t length = qjs_list_array_length(p);
    QJSJSON ret;

    dbuf_putc(&s->text, '[');
    for (uint32_t i = 0; i < length && !s->truncated; i++) {
        if (i > 0)
            dbuf_putc(&s->text, ',');
        ret = qjs_json_slot(s, p, __JS_AtomFromUInt32(i));
        if (ret == QJS_JSON_ABSENT)
            qjs_inspect_put(s, "null");
        else if (ret != QJS_JSON_DONE)
            return ret;
    }
    dbuf_putc(&s->text, ']');
    return QJS_JSON_DONE;
}

static QJSJSON qjs_json_members(QJSInspect *s, JSObject *p, const QJSKeys *keys)
{
    bool first = true;

    dbuf_putc(&s->text, '{');
    for (int i = 0; i < keys->count && !s->truncated; i++) {
        size_t start = s->text.size;
        JSValue name = JS_AtomToString(s->ctx, keys->tab[i].atom);
        QJSJSON ret = JS_IsException(name) ? QJS_JSON_FAIL : QJS_JSON_DONE;
        if (ret == QJS_JSON_DONE) {
            if (!first)
                dbuf_putc(&s->text, ',');
            ret = qjs_json_string(s, name);
            JS_FreeValue(s->ctx, name);
            dbuf_putc(&s->text, ':');
        }
        if (ret == QJS_JSON_DONE)
            ret = qjs_json_slot(s, p, keys->tab[i].atom);
        if (ret == QJS_JSON_ABSENT)
            s->text.size = start;
        else if (ret != QJS_JSON_DONE)
            return ret;
        else
            first = false;
    }
    dbuf_putc(&s->text, '}');
    return QJS_JSON_DONE;
}

static QJSJSON qjs_json_object(QJSInspect *s, JSObject *p)
{
    QJSSlot slot;
    QJSKeys keys;
    QJSJSON ret;
    bool plain;

    if (qjs_slot_find(s->ctx, p, JS_ATOM_toJSON, &slot, NULL))
        return QJS_JSON_FAIL;
    plain = slot.kind == QJS_SLOT_NONE || (slot.kind == QJS_SLOT_DATA && !JS_IsFunction(s->ctx, slot.value));
    qjs_slot_free(s->ctx, &slot);
    if (!plain || p->class_id == JS_CLASS_PROXY || p->class_id == JS_CLASS_RAWJSON || qjs_inspect_box_type(p))
        return QJS_JSON_REFUSED;
    if (JS_IsFunction(s->ctx, JS_MKPTR(JS_TAG_OBJECT, p)))
        return QJS_JSON_ABSENT;
    for (int i = 0; i < s->seen_count; i++) {
        if (s->seen[i] == p)
            return QJS_JSON_CIRCULAR;
    }
    if (s->seen_count > QJS_INSPECT_DEPTH_MAX || js_check_stack_overflow(s->ctx->rt, QJS_INSPECT_STACK_SPARE))
        return QJS_JSON_REFUSED;
    if (js_resize_array(s->ctx, (void **)&s->seen, sizeof(s->seen[0]), &s->seen_size, s->seen_count + 1))
        return QJS_JSON_FAIL;
    s->seen[s->seen_count++] = p;
    if (p->class_id == JS_CLASS_ARRAY) {
        ret = qjs_json_array(s, p);
    } else {
        ret = qjs_keys_collect(s, p, QJS_KEYS_NO_SYMBOL, &keys) ? QJS_JSON_FAIL : qjs_json_members(s, p, &keys);
        qjs_keys_free(s, &keys);
    }
    s->seen_count--;
    return ret;
}

/* own: none  borrow: v  raises: yes  runs-js: no */
static QJSJSON qjs_json_value(QJSInspect *s, JSValueConst v)
{
    if (s->truncated)
        return QJS_JSON_DONE;
    if (qjs_inspect_check(s))
        return QJS_JSON_FAIL;
    switch (JS_VALUE_GET_NORM_TAG(v)) {
    case JS_TAG_OBJECT:
        return qjs_json_object(s, JS_VALUE_GET_OBJ(v));
    case JS_TAG_STRING:
    case JS_TAG_STRING_ROPE:
        return qjs_json_string(s, v);
    case JS_TAG_UNDEFINED:
    case JS_TAG_SYMBOL:
        return QJS_JSON_ABSENT;
    case JS_TAG_BIG_INT:
    case JS_TAG_SHORT_BIG_INT:
        return QJS_JSON_REFUSED;
    case JS_TAG_FLOAT64:
        if (!isfinite(JS_VALUE_GET_FLOAT64(v))) {
            qjs_inspect_put(s, "null");
            return QJS_JSON_DONE;
        }
        break;
    default:
        break;
    }
    return qjs_inspect_put_free(s, JS_ToStringInternal(s->ctx, v, JS_TO_STRING_NO_SIDE_EFFECTS)) ? QJS_JSON_FAIL :
        QJS_JSON_DONE;
}
