/* The global `console`. Its methods ignore `this`, so they work detached, and write through qjs_host_console_write. */

/* log, info, debug, warn, error, dirxml: the level is the magic.
   own: ret  borrow: argv  raises: yes  runs-js: no */
static JSValue qjs_console_log(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv, int level)
{
    return qjs_console_print(ctx, level, argc, argv) ? JS_EXCEPTION : JS_UNDEFINED;
}

/* Appends the frames of the caller. Error.prepareStackTrace is set aside meanwhile: it is script code. */
static int qjs_console_put_trace(JSContext *ctx, DynBuf *text)
{
    JSValue prepare = ctx->error_prepare_stack, obj, stack;
    size_t end;

    obj = JS_NewObjectClass(ctx, JS_CLASS_ERROR);
    if (JS_IsException(obj))
        return -1;
    ctx->error_prepare_stack = JS_UNDEFINED;
    build_backtrace(ctx, obj, JS_UNDEFINED, NULL, 0, 0, JS_BACKTRACE_FLAG_SKIP_FIRST_LEVEL);
    ctx->error_prepare_stack = prepare;
    stack = qjs_object_of(obj)->u.object_data;
    if (JS_IsString(stack) && string_rope_get_len(stack) > 0) {
        dbuf_putc(text, '\n');
        qjs_text_put_string(ctx, text, stack, text->size + QJS_INSPECT_OUTPUT_MAX);
        for (end = text->size; end > 0 && text->buf[end - 1] == '\n'; end--)
            continue;
        text->size = end;
    }
    JS_FreeValue(ctx, obj);
    return text->error ? -1 : 0;
}

/* own: ret  borrow: argv  raises: yes  runs-js: no */
static JSValue qjs_console_trace(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    QJSInspectOptions opt;
    DynBuf text;
    int ret;

    if (!qjs_console_enabled(QJS_CONSOLE_ERROR))
        return JS_UNDEFINED;
    opt = qjs_console_options(QJS_CONSOLE_ERROR);
    js_dbuf_init(ctx, &text);
    dbuf_putstr(&text, argc > 0 ? "Trace: " : "Trace");
    ret = qjs_format_log(ctx, &text, argc, argv, &opt);
    if (!ret)
        ret = qjs_console_put_trace(ctx, &text);
    if (!ret)
        ret = qjs_console_emit(ctx, QJS_CONSOLE_ERROR, &text);
    dbuf_free(&text);
    return ret ? JS_EXCEPTION : JS_UNDEFINED;
}

/* A message that is a primitive becomes part of the format string; an object follows, inspected.
   own: ret  borrow: argv  raises: yes  runs-js: no */
static JSValue qjs_console_assert(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    static const char head[] = "Assertion failed";
    JSValueConst *args;
    JSValue text;
    int ret;

    if (argc > 0 && JS_ToBool(ctx, argv[0]))
        return JS_UNDEFINED;
    if (!qjs_console_enabled(QJS_CONSOLE_ERROR))
        return JS_UNDEFINED;
    if (argc > 1 && !JS_IsObject(argv[1])) {
        text = JS_ToString(ctx, argv[1]);
        if (!JS_IsException(text))
            text = JS_ConcatString3(ctx, "Assertion failed: ", text, "");
    } else {
        text = JS_NewString(ctx, argc > 1 ? "Assertion failed:" : head);
    }
    args = js_malloc(ctx, (argc + 1) * sizeof(*args));
    ret = -1;
    if (args && !JS_IsException(text)) {
        int n = 0;
        args[n++] = text;
        for (int i = argc > 1 && !JS_IsObject(argv[1]) ? 2 : 1; i < argc; i++)
            args[n++] = argv[i];
        ret = qjs_console_print(ctx, QJS_CONSOLE_ERROR, n, args);
    }
    js_free(ctx, args);
    JS_FreeValue(ctx, text);
    return ret ? JS_EXCEPTION : JS_UNDEFINED;
}

/* group and groupCollapsed.
   own: ret  borrow: argv  raises: yes  runs-js: no */
static JSValue qjs_console_group(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    if (argc > 0 && qjs_console_print(ctx, QJS_CONSOLE_LOG, argc, argv))
        return JS_EXCEPTION;
    if (qjs_console.groups < QJS_CONSOLE_GROUPS_MAX)
        qjs_console.groups++;
    return JS_UNDEFINED;
}

/* own: ret  borrow: none  raises: no  runs-js: no */
static JSValue qjs_console_group_end(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    if (qjs_console.groups > 0)
        qjs_console.groups--;
    return JS_UNDEFINED;
}

/* A terminal's screen is not ours to clear.
   own: ret  borrow: none  raises: no  runs-js: no */
static JSValue qjs_console_clear(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    return JS_UNDEFINED;
}

static const JSCFunctionListEntry qjs_console_funcs[] = {
    JS_CFUNC_MAGIC_DEF("log", 0, qjs_console_log, QJS_CONSOLE_LOG),
    JS_CFUNC_MAGIC_DEF("warn", 0, qjs_console_log, QJS_CONSOLE_WARN),
    JS_CFUNC_DEF("dir", 0, qjs_console_dir),
    JS_CFUNC_DEF("time", 0, qjs_console_time),
    JS_CFUNC_MAGIC_DEF("timeEnd", 0, qjs_console_time_log, 1),
    JS_CFUNC_MAGIC_DEF("timeLog", 0, qjs_console_time_log, 0),
    JS_CFUNC_DEF("trace", 0, qjs_console_trace),
    JS_CFUNC_DEF("assert", 0, qjs_console_assert),
    JS_CFUNC_DEF("clear", 0, qjs_console_clear),
    JS_CFUNC_DEF("count", 0, qjs_console_count),
    JS_CFUNC_DEF("countReset", 0, qjs_console_count_reset),
    JS_CFUNC_DEF("group", 0, qjs_console_group),
    JS_CFUNC_DEF("groupEnd", 0, qjs_console_group_end),
    JS_CFUNC_DEF("table", 0, qjs_console_table),
    JS_CFUNC_MAGIC_DEF("debug", 0, qjs_console_log, QJS_CONSOLE_DEBUG),
    JS_CFUNC_MAGIC_DEF("info", 0, qjs_console_log, QJS_CONSOLE_INFO),
    JS_CFUNC_MAGIC_DEF("dirxml", 0, qjs_console_log, QJS_CONSOLE_LOG),
    JS_CFUNC_MAGIC_DEF("error", 0, qjs_console_log, QJS_CONSOLE_ERROR),
    JS_CFUNC_DEF("groupCollapsed", 0, qjs_console_group),
};

/* Adds the global `console`. Returns 0, or -1 with a pending exception.
   own: none  borrow: none  raises: yes  runs-js: no */
static int qjs_console_init(JSContext *ctx)
{
    JSValue console, proto = JS_NewObject(ctx);
    int ret = -1;

    console = JS_IsException(proto) ? JS_EXCEPTION : JS_NewObjectProto(ctx, proto);
    JS_FreeValue(ctx, proto);
    if (JS_IsException(console))
        return -1;
    /* Built at once rather than on first use, with the attributes of a namespace object. */
    for (size_t i = 0; i < countof(qjs_console_funcs); i++) {
        const JSCFunctionListEntry *e = &qjs_console_funcs[i];
        JSValue func = JS_NewCFunction2(ctx, e->u.func.cfunc.generic, e->name, e->u.func.length,
                                        (JSCFunctionEnum)e->u.func.cproto, e->magic);
        if (JS_IsException(func) || JS_DefinePropertyValueStr(ctx, console, e->name, func, JS_PROP_C_W_E) < 0)
            goto done;
    }
    if (JS_DefinePropertyValue(ctx, console, JS_ATOM_Symbol_toStringTag, JS_NewString(ctx, "console"),
                               JS_PROP_CONFIGURABLE) < 0)
        goto done;
    ret = JS_DefinePropertyValueStr(ctx, ctx->global_obj, "console", js_dup(console),
                                    JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0 ? -1 : 0;
done:
    JS_FreeValue(ctx, console);
    return ret;
}
