/* Values without parts: primitives, property names, dates, regular expressions, boxed primitives. */

/* A quoted string. A long one is cut after its line breaks and continued with ` +`.
   own: none  borrow: str  raises: yes  runs-js: no */
static int qjs_inspect_string(QJSInspect *s, JSValueConst str)
{
    uint32_t len = string_rope_get_len(str), max = s->opt.max_string_length, n, start, end;
    uint16_t *units;

    /* Each unit is at least one byte of output, so more could never be shown. */
    units = qjs_text_load(s->ctx, str, max < s->limit ? max : s->limit + 1, &n);
    if (!units)
        return -1;
    for (start = 0; start < n || start == 0; start = end) {
        end = n;
        if (n > 16 && (int64_t)n > (int64_t)s->opt.break_length - s->indent - 4) {
            for (end = start; end < n && units[end] != '\n'; end++)
                continue;
            end += end < n;
        }
        if (start > 0) {
            qjs_inspect_put(s, " +\n");
            qjs_inspect_spaces(&s->text, s->indent + 2);
        }
        qjs_style_on(s, QJS_STYLE_STRING);
        qjs_text_put_quoted(s->ctx, &s->text, units + start, end - start, s->limit);
        qjs_style_off(s, QJS_STYLE_STRING);
        if (end == 0)
            break;
        if (qjs_inspect_check(s)) {
            js_free(s->ctx, units);
            return -1;
        }
        if (s->truncated)
            break;
    }
    js_free(s->ctx, units);
    if (len > max)
        dbuf_printf(&s->text, "... %u more character%s", len - max, len - max > 1 ? "s" : "");
    return qjs_inspect_check(s);
}

/* Appends a string value raw and frees it. */
static int qjs_inspect_put_free(QJSInspect *s, JSValue str)
{
    if (JS_IsException(str))
        return -1;
    qjs_text_put_string(s->ctx, &s->text, str, s->limit);
    JS_FreeValue(s->ctx, str);
    return s->text.error ? -1 : 0;
}

/* Symbol(description), for a symbol's atom. */
static int qjs_inspect_symbol(QJSInspect *s, JSAtom atom, bool escape)
{
    JSValue desc = JS_AtomToString(s->ctx, atom);
    uint16_t *units;
    uint32_t n;

    if (JS_IsException(desc))
        return -1;
    qjs_inspect_put(s, "Symbol(");
    if (escape) {
        units = qjs_text_load(s->ctx, desc, s->limit, &n);
        if (!units) {
            JS_FreeValue(s->ctx, desc);
            return -1;
        }
        qjs_text_put_escaped(s->ctx, &s->text, units, n, '\'', s->limit);
        js_free(s->ctx, units);
        JS_FreeValue(s->ctx, desc);
    } else if (qjs_inspect_put_free(s, desc)) {
        return -1;
    }
    qjs_inspect_put(s, ")");
    return 0;
}

/* A primitive as Node prints it; also what %d and template-like conversions need.
   own: none  borrow: v  raises: yes  runs-js: no */
static int qjs_inspect_primitive(QJSInspect *s, JSValueConst v)
{
    QJSStyle style = QJS_STYLE_NUMBER;
    int ret = 0;

    switch (JS_VALUE_GET_NORM_TAG(v)) {
    case JS_TAG_STRING:
    case JS_TAG_STRING_ROPE:
        return qjs_inspect_string(s, v);
    case JS_TAG_NULL:
        style = QJS_STYLE_NULL;
        break;
    case JS_TAG_UNDEFINED:
        style = QJS_STYLE_UNDEFINED;
        break;
    case JS_TAG_SYMBOL:
        style = QJS_STYLE_STRING;
        break;
    default:
        break;
    }
    qjs_style_on(s, style);
    if (JS_IsSymbol(v))
        ret = qjs_inspect_symbol(s, js_get_atom_index(s->ctx->rt, JS_VALUE_GET_PTR(v)), false);
    else if (JS_VALUE_GET_NORM_TAG(v) == JS_TAG_FLOAT64 && JS_VALUE_GET_FLOAT64(v) == 0)
        qjs_inspect_put(s, signbit(JS_VALUE_GET_FLOAT64(v)) ? "-0" : "0");
    else
        ret = qjs_inspect_put_free(s, JS_ToStringInternal(s->ctx, v, JS_TO_STRING_NO_SIDE_EFFECTS));
    if (JS_IsBigInt(v))
        qjs_inspect_put(s, "n");
    qjs_style_off(s, style);
    return ret;
}

/* True for /^[a-zA-Z_][a-zA-Z_0-9]*$/. */
static bool qjs_inspect_is_bare(const uint16_t *s, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        bool letter = (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') || s[i] == '_';
        if (!letter && !(i > 0 && is_digit(s[i])))
            return false;
    }
    return n > 0;
}

/* A property name, with brackets for symbols and for non-enumerable properties.
   own: none  borrow: atom  raises: yes  runs-js: no */
static int qjs_inspect_key(QJSInspect *s, JSAtom atom, bool enumerable)
{
    JSValue str;
    uint16_t *units;
    uint32_t n;
    int ret;

    if (JS_AtomGetKind(s->ctx, atom) == JS_ATOM_KIND_SYMBOL) {
        qjs_inspect_put(s, "[");
        qjs_style_on(s, QJS_STYLE_STRING);
        ret = qjs_inspect_symbol(s, atom, true);
        qjs_style_off(s, QJS_STYLE_STRING);
        qjs_inspect_put(s, "]");
        return ret;
    }
    if (atom == JS_ATOM___proto__) {
        qjs_inspect_put(s, "['__proto__']");
        return 0;
    }
    str = JS_AtomToString(s->ctx, atom);
    if (JS_IsException(str))
        return -1;
    units = qjs_text_load(s->ctx, str, s->limit, &n);
    JS_FreeValue(s->ctx, str);
    if (!units)
        return -1;
    if (!enumerable) {
        qjs_inspect_put(s, "[");
        qjs_text_put_escaped(s->ctx, &s->text, units, n, '\'', s->limit);
        qjs_inspect_put(s, "]");
    } else if (qjs_inspect_is_bare(units, n)) {
        for (uint32_t i = 0; i < n; i++)
            dbuf_putc(&s->text, units[i]);
    } else {
        qjs_style_on(s, QJS_STYLE_STRING);
        qjs_text_put_quoted(s->ctx, &s->text, units, n, s->limit);
        qjs_style_off(s, QJS_STYLE_STRING);
    }
    js_free(s->ctx, units);
    return qjs_inspect_check(s);
}

/* Source and flags from the compiled expression: the accessors of the instance are not asked.
   own: none  borrow: v  raises: yes  runs-js: no */
static int qjs_inspect_regexp(QJSInspect *s, JSValueConst v)
{
    static const struct {
        int flag;
        char letter;
    } flags[] = {
        { LRE_FLAG_INDICES, 'd' }, { LRE_FLAG_GLOBAL, 'g' }, { LRE_FLAG_IGNORECASE, 'i' }, { LRE_FLAG_MULTILINE, 'm' },
        { LRE_FLAG_DOTALL, 's' }, { LRE_FLAG_UNICODE, 'u' }, { LRE_FLAG_UNICODE_SETS, 'v' }, { LRE_FLAG_STICKY, 'y' },
    };
    int have = lre_get_flags(str8(qjs_object_of(v)->u.regexp.bytecode));

    qjs_inspect_put(s, "/");
    if (qjs_inspect_put_free(s, js_regexp_get_source(s->ctx, v)))
        return -1;
    qjs_inspect_put(s, "/");
    for (size_t i = 0; i < countof(flags); i++) {
        if (have & flags[i].flag)
            dbuf_putc(&s->text, flags[i].letter);
    }
    return 0;
}

/* The ISO form, or "Invalid Date". */
static int qjs_inspect_date(QJSInspect *s, JSValueConst v)
{
    JSValueConst time = qjs_object_of(v)->u.object_data;
    double d = NAN;

    if (JS_IsNumber(time))
        d = JS_VALUE_GET_NORM_TAG(time) == JS_TAG_INT ? JS_VALUE_GET_INT(time) : JS_VALUE_GET_FLOAT64(time);
    if (isnan(d)) {
        qjs_inspect_put(s, "Invalid Date");
        return 0;
    }
    return qjs_inspect_put_free(s, get_date_string(s->ctx, v, 0, NULL, 0x23));
}

/* The type name of a boxed primitive, NULL for other objects. */
static const char *qjs_inspect_box_type(JSObject *p)
{
    switch (p->class_id) {
    case JS_CLASS_NUMBER:
        return "Number";
    case JS_CLASS_STRING:
        return "String";
    case JS_CLASS_BOOLEAN:
        return "Boolean";
    case JS_CLASS_SYMBOL:
        return "Symbol";
    case JS_CLASS_BIG_INT:
        return "BigInt";
    default:
        return NULL;
    }
}

/* [Type (Constructor): value] [tag] */
static int qjs_inspect_box(QJSInspect *s, JSObject *p, const QJSName *ctor, const QJSName *tag, bool bare)
{
    const char *type = qjs_inspect_box_type(p);
    size_t start = s->text.size;
    bool colors = s->opt.colors;
    int ret;

    dbuf_printf(&s->text, "[%s", type);
    if (ctor->absent) {
        qjs_inspect_put(s, " (null prototype)");
    } else if (!qjs_name_is(ctor, type)) {
        qjs_inspect_put(s, " (");
        qjs_name_put(s, ctor);
        qjs_inspect_put(s, ")");
    }
    qjs_inspect_put(s, ": ");
    s->opt.colors = false;
    ret = qjs_inspect_primitive(s, p->u.object_data);
    s->opt.colors = colors;
    if (ret)
        return -1;
    qjs_inspect_put(s, "]");
    if (tag->buf.size > 0 && !qjs_name_equal(tag, ctor)) {
        qjs_inspect_put(s, " [");
        qjs_name_put(s, tag);
        qjs_inspect_put(s, "]");
    }
    if (!bare)
        return 0;
    return qjs_style_wrap(s, p->class_id == JS_CLASS_STRING || p->class_id == JS_CLASS_SYMBOL ? QJS_STYLE_STRING :
                          QJS_STYLE_NUMBER, start);
}
