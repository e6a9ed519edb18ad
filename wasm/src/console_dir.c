/* The method console.dir and its options. */

/* An option that is an own or inherited data property: a getter is not asked. Returns 1 if it is a number, with
   Infinity and null as `unlimited`.
   own: none  borrow: obj  raises: yes  runs-js: no */
static int qjs_console_option(JSContext *ctx, JSObject *obj, const char *name, int unlimited, int *value)
{
    JSAtom atom = JS_NewAtom(ctx, name);
    QJSSlot slot;
    double d;
    int ret = 0;

    if (atom == JS_ATOM_NULL)
        return -1;
    ret = qjs_slot_find(ctx, obj, atom, &slot, NULL);
    JS_FreeAtom(ctx, atom);
    if (ret)
        return -1;
    if (JS_IsNull(slot.value)) {
        *value = unlimited;
        ret = 1;
    } else if (JS_IsBool(slot.value)) {
        *value = JS_VALUE_GET_BOOL(slot.value);
        ret = 1;
    } else if (JS_IsNumber(slot.value)) {
        ret = JS_ToFloat64(ctx, &d, slot.value) ? -1 : !isnan(d);
        if (ret > 0)
            *value = d < 0 ? 0 : d >= INT32_MAX ? unlimited : (int)d;
    }
    JS_FreeValue(ctx, slot.value);
    return ret;
}

static int qjs_console_dir_options(JSContext *ctx, JSObject *obj, QJSInspectOptions *opt)
{
    int depth = opt->depth, colors = opt->colors, hidden = 0, proxy = 0, line = opt->break_length, compact = opt->compact;
    int array = opt->max_array_length, string = opt->max_string_length;

    if (qjs_console_option(ctx, obj, "depth", QJS_INSPECT_UNLIMITED, &depth) < 0 ||
        qjs_console_option(ctx, obj, "colors", 1, &colors) < 0 ||
        qjs_console_option(ctx, obj, "showHidden", 1, &hidden) < 0 ||
        qjs_console_option(ctx, obj, "showProxy", 1, &proxy) < 0 ||
        qjs_console_option(ctx, obj, "breakLength", INT32_MAX, &line) < 0 ||
        qjs_console_option(ctx, obj, "compact", 3, &compact) < 0 ||
        qjs_console_option(ctx, obj, "maxArrayLength", INT32_MAX, &array) < 0 ||
        qjs_console_option(ctx, obj, "maxStringLength", INT32_MAX, &string) < 0)
        return -1;
    opt->depth = depth;
    opt->colors = colors != 0;
    opt->show_hidden = hidden != 0;
    opt->show_proxy = proxy != 0;
    opt->break_length = line;
    opt->compact = min_int(compact, 16);
    opt->max_array_length = array;
    opt->max_string_length = string;
    return 0;
}

/* own: ret  borrow: argv  raises: yes  runs-js: no */
static JSValue qjs_console_dir(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    QJSInspectOptions opt;
    JSObject *options = argc > 1 ? qjs_object_of(argv[1]) : NULL;
    DynBuf text;
    int ret;

    if (!qjs_console_enabled(QJS_CONSOLE_LOG))
        return JS_UNDEFINED;
    opt = qjs_console_options(QJS_CONSOLE_LOG);
    if (options && qjs_console_dir_options(ctx, options, &opt))
        return JS_EXCEPTION;
    js_dbuf_init(ctx, &text);
    ret = qjs_inspect(ctx, &text, argc > 0 ? argv[0] : JS_UNDEFINED, &opt);
    if (!ret)
        ret = qjs_console_emit(ctx, QJS_CONSOLE_LOG, &text);
    dbuf_free(&text);
    return ret ? JS_EXCEPTION : JS_UNDEFINED;
}
