/* Blocks: large strings and buffers of a request. The guest makes them and the host
 * fills them where they will stay, so that nothing large is copied twice. A record
 * names its block by number; those that no record names are dropped with the request.
 */

static struct {
    JSValue *values;
    uint32_t count;
    uint32_t capacity;
} qjs_blocks;

static bool qjs_blocks_pending(void)
{
    return qjs_blocks.values != NULL;
}

/* own: none  raises: no  runs-js: no */
static void qjs_blocks_clear(void)
{
    while (qjs_blocks.count > 0)
        JS_FreeValueRT(qjs_rt, qjs_blocks.values[--qjs_blocks.count]);
    js_free_rt(qjs_rt, qjs_blocks.values);
    qjs_blocks.values = NULL;
    qjs_blocks.capacity = 0;
}

/* An ArrayBuffer whose bytes are not set. own: ret  raises: yes  runs-js: no */
static JSValue qjs_block_buffer(JSContext *ctx, uint32_t size, uint8_t **pdata)
{
    uint8_t *data = js_malloc(ctx, size);
    JSValue v;

    if (!data)
        return JS_EXCEPTION;
    v = JS_NewArrayBuffer(ctx, data, size, 0, js_array_buffer_realloc, NULL, false);
    if (JS_IsException(v))
        js_free(ctx, data);
    *pdata = data;
    return v;
}

/* A string whose units are not set. own: ret  raises: yes  runs-js: no */
static JSValue qjs_block_string(JSContext *ctx, uint32_t len, bool wide, uint8_t **pdata)
{
    JSString *s;

    if (len > JS_STRING_LEN_MAX)
        return JS_ThrowRangeError(ctx, "invalid string length");
    s = js_alloc_string(ctx, len, wide);
    if (!s)
        return JS_EXCEPTION;
    if (!wide)
        str8(s)[len] = '\0';
    *pdata = strv(s);
    return JS_MKPTR(JS_TAG_STRING, s);
}

/* Make block number n of the request: the tag of its record and its length in units,
   which is not 0. Returns where the host writes them, or 0 when memory is short.
   own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_block_new") uint8_t *qjs_block_new(uint32_t n, uint32_t tag, uint32_t len)
{
    JSContext *ctx = qjs_ctx;
    uint8_t *data = NULL;
    JSValue v;

    if (n == 0)
        qjs_blocks_clear();
    if (n == qjs_blocks.capacity) {
        uint32_t capacity = n ? n * 2 : 4;
        JSValue *grown = js_realloc(ctx, qjs_blocks.values, capacity * sizeof(*grown));
        if (!grown)
            goto fail;
        qjs_blocks.values = grown;
        qjs_blocks.capacity = capacity;
    }
    if (tag == QJS_TAPE_BUFFER)
        v = qjs_block_buffer(ctx, len, &data);
    else
        v = qjs_block_string(ctx, len, tag == QJS_TAPE_UTF16, &data);
    if (JS_IsException(v))
        goto fail;
    qjs_blocks.values[n] = v;
    qjs_blocks.count = n + 1;
    return data;
fail:
    JS_FreeValue(ctx, JS_GetException(ctx));
    qjs_blocks_clear();
    return NULL;
}

/* The block with that number, or undefined. own: ret  raises: no  runs-js: no */
static JSValue qjs_block_get(uint32_t n)
{
    return n < qjs_blocks.count ? js_dup(qjs_blocks.values[n]) : JS_UNDEFINED;
}
