/* The console's state: group level, counters, timers. It lives in linear memory, so a snapshot carries it along. */

#define QJS_CONSOLE_LABELS_MAX 1000
#define QJS_CONSOLE_GROUPS_MAX 1000
#define QJS_CONSOLE_WRITE_MAX  (4 << 20) /* bytes of one write, indentation included */

enum {
    QJS_CONSOLE_DEBUG,
    QJS_CONSOLE_LOG,
    QJS_CONSOLE_INFO,
    QJS_CONSOLE_WARN,
    QJS_CONSOLE_ERROR,
};

typedef struct QJSLabel {
    JSAtom name; /* owned */
    uint64_t value; /* a count, or the start time in nanoseconds */
} QJSLabel;

typedef struct QJSLabels {
    QJSLabel *tab;
    int count, size;
} QJSLabels;

static struct {
    int groups;
    QJSLabels counts;
    QJSLabels timers;
} qjs_console;

static QJSLabel *qjs_label_find(QJSLabels *l, JSAtom name)
{
    for (int i = 0; i < l->count; i++) {
        if (l->tab[i].name == name)
            return &l->tab[i];
    }
    return NULL;
}

/* Adds a label and returns it, NULL when the table is full or memory is out (then an exception is pending).
   own: none  borrow: name  raises: yes  runs-js: no */
static QJSLabel *qjs_label_add(JSContext *ctx, QJSLabels *l, JSAtom name)
{
    if (l->count == QJS_CONSOLE_LABELS_MAX ||
        js_resize_array(ctx, (void **)&l->tab, sizeof(l->tab[0]), &l->size, l->count + 1))
        return NULL;
    l->tab[l->count] = (QJSLabel){ JS_DupAtom(ctx, name), 0 };
    return &l->tab[l->count++];
}

static void qjs_label_remove(JSContext *ctx, QJSLabels *l, QJSLabel *label)
{
    JS_FreeAtom(ctx, label->name);
    *label = l->tab[--l->count];
}

/* The label argument as an atom: `default` if it is missing or undefined, otherwise converted as `${label}` is.
   own: ret  borrow: argv  raises: yes  runs-js: yes */
static JSAtom qjs_label_arg(JSContext *ctx, int argc, JSValueConst *argv)
{
    JSValue str;
    JSAtom atom;

    if (argc < 1 || JS_IsUndefined(argv[0]))
        return JS_NewAtom(ctx, "default");
    str = JS_ToString(ctx, argv[0]);
    if (JS_IsException(str))
        return JS_ATOM_NULL;
    atom = JS_ValueToAtom(ctx, str);
    JS_FreeValue(ctx, str);
    return atom;
}

/* Appends an atom's text raw. */
static int qjs_label_put(JSContext *ctx, DynBuf *out, JSAtom name)
{
    JSValue str = JS_AtomToString(ctx, name);

    if (JS_IsException(str))
        return -1;
    qjs_text_put_string(ctx, out, str, QJS_INSPECT_OUTPUT_MAX);
    JS_FreeValue(ctx, str);
    return out->error ? -1 : 0;
}

static QJSInspectOptions qjs_console_options(int level)
{
    QJSInspectOptions opt = qjs_inspect_defaults;

    opt.colors = qjs_console_colors(level);
    return opt;
}

/* Hands a finished text to the host, indented by the open groups and with a line end.
   own: none  borrow: text  raises: yes  runs-js: no */
static int qjs_console_emit(JSContext *ctx, int level, const DynBuf *text)
{
    DynBuf out;
    size_t pos = 0, len;
    int ret = -1;

    js_dbuf_init(ctx, &out);
    do {
        const uint8_t *line = text->buf + pos, *end = NULL;
        if (pos < text->size)
            end = memchr(line, '\n', text->size - pos);
        len = end ? (size_t)(end - line) : text->size - pos;
        qjs_inspect_spaces(&out, 2 * (size_t)qjs_console.groups);
        dbuf_put(&out, line, len);
        dbuf_putc(&out, '\n');
        pos += len + 1;
        if (js_poll_interrupts(ctx))
            goto done;
        if (out.size > QJS_CONSOLE_WRITE_MAX) {
            dbuf_putstr(&out, "... truncated\n");
            break;
        }
    } while (pos <= text->size);
    if (out.error) {
        if (!JS_HasException(ctx))
            JS_ThrowOutOfMemory(ctx);
        goto done;
    }
    ret = qjs_host_console_write(ctx, level, (char *)out.buf, out.size);
done:
    dbuf_free(&out);
    return ret < 0 ? -1 : 0;
}

/* Formats and writes like console.log, if the level is enabled.
   own: none  borrow: argv  raises: yes  runs-js: no */
static int qjs_console_print(JSContext *ctx, int level, int argc, JSValueConst *argv)
{
    QJSInspectOptions opt;
    DynBuf text;
    int ret;

    if (!qjs_console_enabled(level))
        return 0;
    opt = qjs_console_options(level);
    js_dbuf_init(ctx, &text);
    ret = qjs_format_log(ctx, &text, argc, argv, &opt);
    if (!ret)
        ret = qjs_console_emit(ctx, level, &text);
    dbuf_free(&text);
    return ret;
}

/* Writes `head label tail`, for messages about labels. */
static int qjs_console_notice(JSContext *ctx, int level, const char *head, JSAtom label, const char *tail)
{
    DynBuf text;
    int ret;

    if (!qjs_console_enabled(level))
        return 0;
    js_dbuf_init(ctx, &text);
    dbuf_putstr(&text, head);
    ret = qjs_label_put(ctx, &text, label);
    dbuf_putstr(&text, tail);
    if (!ret)
        ret = qjs_console_emit(ctx, level, &text);
    dbuf_free(&text);
    return ret;
}
