/* The state of one inspection.

   Formatted pieces live on one text stack (`text`). A composite value writes its prefix, then its entries one after the
   other, each with a mark where it starts; qjs_inspect_reduce replaces prefix and entries by the joined result. Script
   code never runs during an inspection, so objects and atoms reachable from the inspected value are borrowed. */

#define QJS_INSPECT_UNLIMITED  (-1)      /* depth: down to QJS_INSPECT_DEPTH_MAX */
#define QJS_INSPECT_NAME_ONLY  (-2)      /* depth: even the value itself only by its name */
#define QJS_INSPECT_DEPTH_MAX  400       /* each level costs C stack and one copy of what is inside it */
#define QJS_INSPECT_OUTPUT_MAX (1 << 20) /* bytes, when the option is 0 */
#define QJS_INSPECT_STACK_SPARE 16384    /* bytes of C stack that leaf formatting may need */

typedef struct QJSInspectOptions {
    int depth;                 /* levels of nesting shown, or QJS_INSPECT_UNLIMITED */
    int break_length;          /* columns; INT32_MAX = never break for length */
    int compact;               /* how many inner levels may share a line; 0 = none */
    uint32_t max_array_length; /* also for Map, Set, typed arrays and buffers */
    uint32_t max_string_length;
    size_t max_output_bytes;   /* 0 = QJS_INSPECT_OUTPUT_MAX; what is cut ends in "... truncated" */
    bool colors;
    bool show_hidden;          /* own non-enumerable properties too */
    bool show_proxy;           /* a proxy's target and handler instead of its target */
} QJSInspectOptions;

static const QJSInspectOptions qjs_inspect_defaults = {
    .depth = 2,
    .break_length = 80,
    .compact = 3,
    .max_array_length = 100,
    .max_string_length = 10000,
};

typedef struct QJSInspect {
    JSContext *ctx;
    QJSInspectOptions opt;
    int max_depth;      /* opt.depth resolved: -1 = nothing nested, and no value but by name */
    int indent;
    int current_depth;  /* depth of the last composite value opened */
    size_t limit;
    bool truncated;     /* the text is longer than the limit: whoever sees this stops producing */
    DynBuf text;
    DynBuf scratch;     /* for joins; not held across a nested value */
    size_t *marks;      /* where the entries start */
    int mark_count, mark_size;
    JSObject **seen;    /* open composite values, outermost first */
    int seen_count, seen_size;
    JSObject **circular; /* targets of [Circular *n], n-1 as index */
    int circular_count, circular_size;
} QJSInspect;

static void qjs_inspect_reset(QJSInspect *s)
{
    s->max_depth = s->opt.depth == QJS_INSPECT_NAME_ONLY ? -1 :
        s->opt.depth < 0 || s->opt.depth > QJS_INSPECT_DEPTH_MAX ? QJS_INSPECT_DEPTH_MAX : s->opt.depth;
    s->indent = 0;
    s->current_depth = 0;
    s->mark_count = 0;
    s->seen_count = 0;
    s->circular_count = 0;
}

static void qjs_inspect_init(QJSInspect *s, JSContext *ctx, const QJSInspectOptions *opt)
{
    memset(s, 0, sizeof(*s));
    s->ctx = ctx;
    s->opt = opt ? *opt : qjs_inspect_defaults;
    s->limit = s->opt.max_output_bytes ? s->opt.max_output_bytes : QJS_INSPECT_OUTPUT_MAX;
    js_dbuf_init(ctx, &s->text);
    js_dbuf_init(ctx, &s->scratch);
    qjs_inspect_reset(s);
}

static void qjs_inspect_done(QJSInspect *s)
{
    dbuf_free(&s->text);
    dbuf_free(&s->scratch);
    js_free(s->ctx, s->marks);
    js_free(s->ctx, s->seen);
    js_free(s->ctx, s->circular);
}

/* Is it time to stop: interrupted, out of memory?
   own: none  borrow: none  raises: yes  runs-js: no */
static int qjs_inspect_check(QJSInspect *s)
{
    if (s->text.size > s->limit)
        s->truncated = true;
    if (s->text.error || s->scratch.error) {
        if (!JS_HasException(s->ctx))
            JS_ThrowOutOfMemory(s->ctx);
        return -1;
    }
    return js_poll_interrupts(s->ctx);
}

static void qjs_inspect_put(QJSInspect *s, const char *str)
{
    dbuf_putstr(&s->text, str);
}

static void qjs_inspect_spaces(DynBuf *out, size_t n)
{
    static const char blank[] = "                                ";

    for (; n > sizeof(blank) - 1; n -= sizeof(blank) - 1)
        dbuf_put(out, blank, sizeof(blank) - 1);
    dbuf_put(out, blank, n);
}

/* Starts an entry of the composite value being written. */
static int qjs_inspect_mark(QJSInspect *s)
{
    if (js_resize_array(s->ctx, (void **)&s->marks, sizeof(s->marks[0]), &s->mark_size, s->mark_count + 1))
        return -1;
    s->marks[s->mark_count++] = s->text.size;
    return 0;
}

/* ANSI colours of Node's styles. */
typedef enum QJSStyle {
    QJS_STYLE_NONE,
    QJS_STYLE_NUMBER, /* also bigint and boolean */
    QJS_STYLE_STRING, /* also symbol */
    QJS_STYLE_UNDEFINED,
    QJS_STYLE_NULL,
    QJS_STYLE_SPECIAL,
    QJS_STYLE_DATE,
    QJS_STYLE_REGEXP,
} QJSStyle;

static const uint8_t qjs_style_codes[][2] = {
    { 0, 0 }, { 33, 39 }, { 32, 39 }, { 90, 39 }, { 1, 22 }, { 36, 39 }, { 35, 39 }, { 31, 39 },
};

static void qjs_style_on(QJSInspect *s, QJSStyle style)
{
    if (s->opt.colors && style)
        dbuf_printf(&s->text, "\x1b[%dm", qjs_style_codes[style][0]);
}

static void qjs_style_off(QJSInspect *s, QJSStyle style)
{
    if (s->opt.colors && style)
        dbuf_printf(&s->text, "\x1b[%dm", qjs_style_codes[style][1]);
}

static void qjs_style_put(QJSInspect *s, QJSStyle style, const char *str)
{
    qjs_style_on(s, style);
    qjs_inspect_put(s, str);
    qjs_style_off(s, style);
}

/* Styles what was written since `start`, for text whose style is known only at its end. */
static int qjs_style_wrap(QJSInspect *s, QJSStyle style, size_t start)
{
    if (!s->opt.colors)
        return 0;
    s->scratch.size = 0;
    dbuf_put(&s->scratch, s->text.buf + start, s->text.size - start);
    s->text.size = start;
    qjs_style_on(s, style);
    dbuf_put(&s->text, s->scratch.buf, s->scratch.size);
    qjs_style_off(s, style);
    return qjs_inspect_check(s);
}
