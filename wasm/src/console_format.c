/* qjs_format_log: Node's util.formatWithOptions, without running script code. */

/* Inspects one argument with options of its own; they are put back afterwards.
   own: none  borrow: v, opt  raises: yes  runs-js: no */
static int qjs_format_inspect(QJSInspect *s, JSValueConst v, const QJSInspectOptions *opt)
{
    QJSInspectOptions saved = s->opt;
    int ret;

    s->opt = *opt;
    qjs_inspect_reset(s);
    ret = qjs_inspect_value(s, v, 0);
    s->opt = saved;
    return ret;
}

/* A primitive without colours, strings raw. */
static int qjs_format_primitive(QJSInspect *s, JSValueConst v)
{
    bool colors = s->opt.colors;
    int ret;

    if (JS_IsString(v)) {
        qjs_text_put_string(s->ctx, &s->text, v, s->limit);
        return s->text.error ? -1 : 0;
    }
    s->opt.colors = false;
    ret = qjs_inspect_primitive(s, v);
    s->opt.colors = colors;
    return ret;
}

/* The source of a function, or the text that stands for native code. */
static int qjs_format_source(QJSInspect *s, JSObject *p)
{
    if (js_class_has_bytecode(p->class_id) && p->u.func.function_bytecode->source) {
        JSFunctionBytecode *b = p->u.func.function_bytecode;
        return qjs_inspect_put_free(s, JS_NewStringLen(s->ctx, b->source, b->source_len));
    }
    qjs_inspect_put(s, "function ");
    if (qjs_name_function(s, p, &s->text) < 0)
        return -1;
    qjs_inspect_put(s, "() { [native code] }");
    return 0;
}

/* %s */
static int qjs_format_string(QJSInspect *s, JSValueConst v)
{
    QJSInspectOptions opt = s->opt;
    JSObject *p = qjs_object_of(v);

    if (!p)
        return qjs_format_primitive(s, v);
    if (JS_IsFunction(s->ctx, v) && p->class_id != JS_CLASS_PROXY)
        return qjs_format_source(s, p);
    opt.depth = 0;
    opt.compact = 3;
    opt.colors = false;
    return qjs_format_inspect(s, v, &opt);
}

/* %d, %i and %f. Objects would need valueOf or toString: only dates and boxed primitives have a number here. */
static int qjs_format_number(QJSInspect *s, JSValueConst v, int conv)
{
    JSContext *ctx = s->ctx;
    JSObject *p = qjs_object_of(v);
    JSValue text, num;
    JSValueConst args[2] = { JS_UNDEFINED, JS_UNDEFINED };
    int ret;

    if (p && (qjs_inspect_box_type(p) || (p->class_id == JS_CLASS_DATE && conv == 'd')))
        v = p->u.object_data;
    if (JS_IsBigInt(v) && conv != 'f')
        return qjs_format_primitive(s, v);
    if (JS_IsObject(v) || JS_IsSymbol(v)) {
        num = JS_NAN;
    } else if (conv == 'd') {
        num = JS_ToNumber(ctx, v);
    } else {
        text = JS_ToStringInternal(ctx, v, JS_TO_STRING_NO_SIDE_EFFECTS);
        if (JS_IsException(text))
            return -1;
        args[0] = text;
        num = conv == 'i' ? js_parseInt(ctx, JS_UNDEFINED, 2, args) : js_parseFloat(ctx, JS_UNDEFINED, 1, args);
        JS_FreeValue(ctx, text);
    }
    if (JS_IsException(num))
        return -1;
    ret = qjs_format_primitive(s, num);
    JS_FreeValue(ctx, num);
    return ret;
}

/* %j */
static int qjs_format_json(QJSInspect *s, JSValueConst v)
{
    size_t start = s->text.size;

    qjs_inspect_reset(s);
    switch (qjs_json_value(s, v)) {
    case QJS_JSON_DONE:
        return 0;
    case QJS_JSON_ABSENT:
        qjs_inspect_put(s, "undefined");
        return 0;
    case QJS_JSON_CIRCULAR:
        s->text.size = start;
        qjs_inspect_put(s, "[Circular]");
        return 0;
    case QJS_JSON_REFUSED:
        s->text.size = start;
        return qjs_format_inspect(s, v, &s->opt);
    default:
        return -1;
    }
}

static bool qjs_format_is_conversion(uint16_t c)
{
    return c > 0 && c < 0x80 && strchr("sdifjOoc", c) != NULL;
}

/* Writes one argument for a conversion letter. */
static int qjs_format_convert(QJSInspect *s, int conv, JSValueConst v)
{
    QJSInspectOptions opt = s->opt;

    switch (conv) {
    case 's':
        return qjs_format_string(s, v);
    case 'j':
        return qjs_format_json(s, v);
    case 'O':
        return qjs_format_inspect(s, v, &opt);
    case 'o':
        opt.show_hidden = true;
        opt.show_proxy = true;
        opt.depth = 4;
        return qjs_format_inspect(s, v, &opt);
    case 'c': /* CSS, which a terminal has no use for */
        return 0;
    default:
        return qjs_format_number(s, v, conv);
    }
}

/* Expands the format string argv[0]. *used is the number of arguments consumed, 0 if it holds no conversion. */
static int qjs_format_expand(QJSInspect *s, int argc, JSValueConst *argv, int *used)
{
    uint16_t *units;
    uint32_t n, i, last = 0;
    int a = 0, ret = 0;

    *used = 0;
    units = qjs_text_load(s->ctx, argv[0], s->limit + 1, &n);
    if (!units)
        return -1;
    for (i = 0; i + 1 < n && !s->truncated; i++) {
        if (units[i] != '%')
            continue;
        i++;
        if (units[i] != '%' && (a + 1 >= argc || !qjs_format_is_conversion(units[i])))
            continue;
        qjs_text_put_units(&s->text, units + last, i - 1 - last);
        last = i + 1;
        if (units[i] == '%')
            dbuf_putc(&s->text, '%');
        else
            ret = qjs_format_convert(s, units[i], argv[++a]);
        if (ret || qjs_inspect_check(s)) {
            js_free(s->ctx, units);
            return -1;
        }
    }
    if (last > 0) {
        qjs_text_put_units(&s->text, units + last, n - last);
        *used = a + 1;
    }
    js_free(s->ctx, units);
    return qjs_inspect_check(s);
}

/* The arguments from `first` on, separated by spaces: strings raw, the rest inspected. */
static int qjs_format_rest(QJSInspect *s, int first, int argc, JSValueConst *argv)
{
    for (int i = first; i < argc && !s->truncated; i++) {
        if (i > 0)
            dbuf_putc(&s->text, ' ');
        if (JS_IsString(argv[i]))
            qjs_text_put_string(s->ctx, &s->text, argv[i], s->limit);
        else if (qjs_format_inspect(s, argv[i], &s->opt))
            return -1;
        if (qjs_inspect_check(s))
            return -1;
    }
    return 0;
}

/* Appends the arguments of a console.log to out as UTF-8. Returns 0, or -1 with a pending exception. opt may be NULL.
   own: none  borrow: argv  raises: yes  runs-js: no */
static int qjs_format_log(JSContext *ctx, DynBuf *out, int argc, JSValueConst *argv, const QJSInspectOptions *opt)
{
    QJSInspect s;
    int ret = 0, used = 0;

    qjs_inspect_init(&s, ctx, opt);
    if (argc > 1 && JS_IsString(argv[0]))
        ret = qjs_format_expand(&s, argc, argv, &used);
    if (!ret)
        ret = qjs_format_rest(&s, used, argc, argv);
    if (!ret)
        ret = qjs_inspect_flush(&s, out);
    qjs_inspect_done(&s);
    return ret;
}
