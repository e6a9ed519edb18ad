/* The io block: the few words of guest memory that guest and host share. */

typedef struct QJSIO {
    JSValue result;         /* the value of the last call, or of the last host function */
    uint64_t result_aux;    /* of a root: generation | kind << 32; of a short string: its first bytes */
    JSValue new_target;     /* of the host function being called */
    uint32_t in_ptr;        /* where the host writes cells and tapes */
    uint32_t in_cap;
    uint32_t out_ptr;       /* the tape the guest wrote last */
    uint32_t out_len;
    uint32_t dead_count;    /* records on the dead list */
    uint32_t root_count;    /* live roots */
    uint32_t callable_count;/* live callable and host reference objects */
    uint32_t kinds_ptr;     /* class id -> QJS_KIND_, one byte each */
    uint32_t kinds_len;
    uint32_t console_levels;/* bit per level that somebody listens to; bit 8 + level: in colour */
    uint32_t stack_deep;    /* not 0 once the stack went beyond a segment; the host clears it */
    uint32_t unfreed;       /* not 0 while an abort has left something for qjs_abort_settle */
    uint64_t text[QJS_TEXT_MAX / 8 - 1]; /* what follows them */
} QJSIO;

#define QJS_AT(type, field, offset) \
    _Static_assert(offsetof(type, field) == (offset), #type "." #field " moved")
QJS_AT(QJSIO, result, QJS_IO_RESULT);
QJS_AT(QJSIO, result_aux, QJS_IO_RESULT_AUX);
QJS_AT(QJSIO, new_target, QJS_IO_NEW_TARGET);
QJS_AT(QJSIO, in_ptr, QJS_IO_IN_PTR);
QJS_AT(QJSIO, in_cap, QJS_IO_IN_CAP);
QJS_AT(QJSIO, out_ptr, QJS_IO_OUT_PTR);
QJS_AT(QJSIO, out_len, QJS_IO_OUT_LEN);
QJS_AT(QJSIO, dead_count, QJS_IO_DEAD_COUNT);
QJS_AT(QJSIO, root_count, QJS_IO_ROOT_COUNT);
QJS_AT(QJSIO, callable_count, QJS_IO_CALLABLE_COUNT);
QJS_AT(QJSIO, kinds_ptr, QJS_IO_KINDS_PTR);
QJS_AT(QJSIO, kinds_len, QJS_IO_KINDS_LEN);
QJS_AT(QJSIO, console_levels, QJS_IO_CONSOLE_LEVELS);
QJS_AT(QJSIO, stack_deep, QJS_IO_STACK_DEEP);
QJS_AT(QJSIO, unfreed, QJS_IO_UNFREED);
QJS_AT(QJSIO, text, QJS_IO_TEXT);
_Static_assert(sizeof(QJSIO) == QJS_IO_SIZE, "QJSIO has another size");
_Static_assert(sizeof(JSString) == QJS_STRING_HEADER_SIZE, "JSString has another size");
QJS_AT(JSBigInt, tab, QJS_BIG_INT_LIMBS);
_Static_assert(JS_BIGINT_MAX_SIZE == QJS_BIG_INT_MAX_LIMBS, "BigInts have another limit");
_Static_assert(QJS_TAG_TAPE > JS_TAG_FIRST && QJS_TAG_TAPE != JS_TAG_STRING_ROPE &&
               QJS_TAG_ROOT != JS_TAG_MODULE, "a pseudo tag collides with the engine's");
_Static_assert(JS_FLOAT64_TAG_ADDEND == QJS_FLOAT64_ADDEND, "the NaN box has another bias");
_Static_assert(JS_TAG_STRING == QJS_TAG_STRING && JS_TAG_STRING_ROPE == QJS_TAG_ROPE &&
               JS_TAG_BIG_INT == QJS_TAG_BIG_INT && JS_TAG_SYMBOL == QJS_TAG_SYMBOL &&
               JS_TAG_SHORT_BIG_INT == QJS_TAG_SHORT_BIG_INT, "a tag moved");

#define QJS_IN_STATIC_SIZE 8192
#define QJS_BUFFER_KEEP 65536 /* a larger buffer is given back once it was used */

static QJSIO qjs_io_block;
static _Alignas(8) uint8_t qjs_in_static[QJS_IN_STATIC_SIZE];
static JSRuntime *qjs_rt;
static JSContext *qjs_ctx;
static DynBuf qjs_out;
static JSValue qjs_held_result; /* keeps what the host reads in place alive until the next call */

/* Between these no script runs, not even for the stack trace of an error that
   the glue itself throws: it could call the host, and the host this glue again. */
static void qjs_quiet_begin(void)
{
    qjs_rt->quiet++;
}

static void qjs_quiet_end(void)
{
    qjs_rt->quiet--;
}

/* own: none  raises: no  runs-js: no. The host asks once, after instantiation. */
QJS_EXPORT("qjs_io") QJSIO *qjs_io(void)
{
    return &qjs_io_block;
}

static void qjs_in_reset(void)
{
    if (qjs_io_block.in_cap > QJS_IN_STATIC_SIZE)
        js_free_rt(qjs_rt, (void *)(uintptr_t)qjs_io_block.in_ptr);
    qjs_io_block.in_ptr = (uint32_t)(uintptr_t)qjs_in_static;
    qjs_io_block.in_cap = sizeof(qjs_in_static);
}

/* The host calls this when what it has to write does not fit in_cap. Returns
   false when memory is short. own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_in_reserve") uint32_t qjs_in_reserve(uint32_t size)
{
    uint8_t *p;
    if (size <= qjs_io_block.in_cap)
        return 1;
    qjs_in_reset();
    p = js_malloc_rt(qjs_rt, size);
    if (!p)
        return 0;
    qjs_io_block.in_ptr = (uint32_t)(uintptr_t)p;
    qjs_io_block.in_cap = size;
    return 1;
}

/* The short string of n bytes that a host function has left in the io block.
   own: ret  raises: yes  runs-js: no */
static no_inline JSValue qjs_text_read(JSContext *ctx, uint32_t n)
{
    JSString *s = NULL;
    uint32_t i;

    if (n == 0)
        return js_empty_string(ctx->rt);
    if (likely(n <= QJS_TEXT_MAX)) /* room for whole words, and so few that a loop is best */
        s = js_alloc_string_rt(ctx->rt, n | 7, 0);
    if (unlikely(!s)) {
        qjs_quiet_begin();
        JS_ThrowOutOfMemory(ctx);
        qjs_quiet_end();
        return JS_EXCEPTION;
    }
    memcpy(str8(s), &qjs_io_block.result_aux, 8);
    for (i = 8; i < n; i += 8)
        memcpy(str8(s) + i, &qjs_io_block.text[i / 8 - 1], 8);
    str8(s)[n] = '\0';
    s->len = n;
    return JS_MKPTR(JS_TAG_STRING, s);
}

static void qjs_blocks_clear(void);
static bool qjs_blocks_pending(void);

/* Everything the host wrote has been read: give what is large back. */
static void qjs_in_done(void)
{
    if (unlikely(qjs_blocks_pending()))
        qjs_blocks_clear();
    if (qjs_io_block.in_cap > QJS_BUFFER_KEEP)
        qjs_in_reset();
}

/* Start a new tape for the host. The previous one has been read by now. */
static DynBuf *qjs_out_begin(void)
{
    if (qjs_out.allocated_size > QJS_BUFFER_KEEP || dbuf_error(&qjs_out)) {
        dbuf_free(&qjs_out);
        js_dbuf_init(qjs_ctx, &qjs_out);
    }
    qjs_out.size = 0;
    return &qjs_out;
}

static void qjs_out_end(void)
{
    qjs_io_block.out_ptr = (uint32_t)(uintptr_t)qjs_out.buf;
    qjs_io_block.out_len = (uint32_t)qjs_out.size;
}

/* Take the first size bytes of what the host wrote, as a block of their own
   that ends in a NUL: host functions called meanwhile write to the same buffer.
   own: ret (js_free)  raises: yes  runs-js: no */
static char *qjs_in_take(JSContext *ctx, uint32_t size)
{
    char *p;
    if (size >= qjs_io_block.in_cap) {
        JS_ThrowInternalError(ctx, "malformed request");
        return NULL;
    }
    if (qjs_io_block.in_cap > QJS_IN_STATIC_SIZE) {
        p = (char *)(uintptr_t)qjs_io_block.in_ptr;
        qjs_io_block.in_cap = 0;
        qjs_in_reset();
    } else {
        p = js_malloc(ctx, size + 1);
        if (!p)
            return NULL;
        memcpy(p, qjs_in_static, size);
    }
    p[size] = '\0';
    return p;
}
