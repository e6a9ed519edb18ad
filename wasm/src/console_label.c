/* The console's methods that have a label: counters and timers. Times are milliseconds. */

#define QJS_CONSOLE_SECOND 1000.0
#define QJS_CONSOLE_MINUTE (60 * QJS_CONSOLE_SECOND)
#define QJS_CONSOLE_HOUR   (60 * QJS_CONSOLE_MINUTE)

/* own: ret  borrow: argv  raises: yes  runs-js: yes (conversion of the label) */
static JSValue qjs_console_count(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    JSAtom name = qjs_label_arg(ctx, argc, argv);
    QJSLabel *label;
    char tail[32];
    int ret = 0;

    if (name == JS_ATOM_NULL)
        return JS_EXCEPTION;
    label = qjs_label_find(&qjs_console.counts, name);
    if (!label)
        label = qjs_label_add(ctx, &qjs_console.counts, name);
    if (!label && JS_HasException(ctx)) {
        ret = -1;
    } else {
        snprintf(tail, sizeof(tail), ": %" PRIu64, label ? ++label->value : 1);
        ret = qjs_console_notice(ctx, QJS_CONSOLE_LOG, "", name, tail);
    }
    JS_FreeAtom(ctx, name);
    return ret ? JS_EXCEPTION : JS_UNDEFINED;
}

/* own: ret  borrow: argv  raises: yes  runs-js: yes (conversion of the label) */
static JSValue qjs_console_count_reset(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    JSAtom name = qjs_label_arg(ctx, argc, argv);
    QJSLabel *label;
    int ret = 0;

    if (name == JS_ATOM_NULL)
        return JS_EXCEPTION;
    label = qjs_label_find(&qjs_console.counts, name);
    if (label)
        qjs_label_remove(ctx, &qjs_console.counts, label);
    else
        ret = qjs_console_notice(ctx, QJS_CONSOLE_WARN, "Warning: Count for '", name, "' does not exist");
    JS_FreeAtom(ctx, name);
    return ret ? JS_EXCEPTION : JS_UNDEFINED;
}

/* own: ret  borrow: argv  raises: yes  runs-js: yes (conversion of the label) */
static JSValue qjs_console_time(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    JSAtom name = qjs_label_arg(ctx, argc, argv);
    QJSLabel *label;
    int ret = 0;

    if (name == JS_ATOM_NULL)
        return JS_EXCEPTION;
    if (qjs_label_find(&qjs_console.timers, name)) {
        ret = qjs_console_notice(ctx, QJS_CONSOLE_WARN, "Warning: Label '", name, "' already exists for console.time()");
    } else {
        label = qjs_label_add(ctx, &qjs_console.timers, name);
        if (label)
            label->value = js__hrtime_ns();
        else
            ret = JS_HasException(ctx) ? -1 : 0;
    }
    JS_FreeAtom(ctx, name);
    return ret ? JS_EXCEPTION : JS_UNDEFINED;
}

/* 1.234ms, 1.234s, 1:02.345 (m:ss.mmm), 1:02:03.456 (h:mm:ss.mmm) */
static void qjs_console_put_duration(DynBuf *out, double ms)
{
    double hours = 0, minutes = 0;
    char buf[64];
    size_t n;

    if (ms < QJS_CONSOLE_SECOND) {
        n = snprintf(buf, sizeof(buf), "%.3f", ms);
        while (buf[n - 1] == '0')
            n--;
        if (buf[n - 1] == '.')
            n--;
        dbuf_put(out, buf, n);
        dbuf_putstr(out, "ms");
        return;
    }
    if (ms < QJS_CONSOLE_MINUTE) {
        dbuf_printf(out, "%.3fs", ms / QJS_CONSOLE_SECOND);
        return;
    }
    hours = floor(ms / QJS_CONSOLE_HOUR);
    ms -= hours * QJS_CONSOLE_HOUR;
    minutes = floor(ms / QJS_CONSOLE_MINUTE);
    ms -= minutes * QJS_CONSOLE_MINUTE;
    if (hours > 0)
        dbuf_printf(out, "%.0f:%02.0f:%06.3f (h:mm:ss.mmm)", hours, minutes, ms / QJS_CONSOLE_SECOND);
    else
        dbuf_printf(out, "%.0f:%06.3f (m:ss.mmm)", minutes, ms / QJS_CONSOLE_SECOND);
}

/* `label: duration data…`
   own: none  borrow: argv  raises: yes  runs-js: no */
static int qjs_console_print_time(JSContext *ctx, const QJSLabel *label, int argc, JSValueConst *argv)
{
    QJSInspectOptions opt;
    QJSInspect s;
    DynBuf text;
    int ret;

    if (!qjs_console_enabled(QJS_CONSOLE_LOG))
        return 0;
    opt = qjs_console_options(QJS_CONSOLE_LOG);
    js_dbuf_init(ctx, &text);
    qjs_inspect_init(&s, ctx, &opt);
    ret = qjs_label_put(ctx, &s.text, label->name);
    dbuf_putstr(&s.text, ": ");
    qjs_console_put_duration(&s.text, (js__hrtime_ns() - label->value) / 1e6);
    if (!ret)
        ret = qjs_format_rest(&s, 1, argc, argv);
    if (!ret)
        ret = qjs_inspect_flush(&s, &text);
    qjs_inspect_done(&s);
    if (!ret)
        ret = qjs_console_emit(ctx, QJS_CONSOLE_LOG, &text);
    dbuf_free(&text);
    return ret;
}

/* timeLog, and timeEnd when magic is 1.
   own: ret  borrow: argv  raises: yes  runs-js: yes (conversion of the label) */
static JSValue qjs_console_time_log(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv, int magic)
{
    JSAtom name = qjs_label_arg(ctx, argc, argv);
    QJSLabel *label;
    int ret;

    if (name == JS_ATOM_NULL)
        return JS_EXCEPTION;
    label = qjs_label_find(&qjs_console.timers, name);
    if (!label) {
        ret = qjs_console_notice(ctx, QJS_CONSOLE_WARN, "Warning: No such label '", name,
                                 magic ? "' for console.timeEnd()" : "' for console.timeLog()");
    } else {
        ret = qjs_console_print_time(ctx, label, magic ? 0 : argc, argv);
        if (magic)
            qjs_label_remove(ctx, &qjs_console.timers, label);
    }
    JS_FreeAtom(ctx, name);
    return ret ? JS_EXCEPTION : JS_UNDEFINED;
}
