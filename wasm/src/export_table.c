/* An export that runs the script's code: getters, toJSON methods, Proxy traps.
 * That code may change anything, and enter the host, which may enter the guest.
 * So it all runs first, into a copy of the graph that no script can reach; the
 * copy is then written without running any. Objects that the writer only looks
 * into, such as Dates and typed arrays, are in the copy as they are. */

typedef struct QJSPrepare {
    JSContext *ctx;
    uint32_t flags; /* QJS_EXPORT_ */
    QJSLimits *limits;
    JSValue *pairs; /* of source and copy: open addressing, by address of the source */
    uint32_t count;
    uint32_t capacity; /* a power of two, or 0 */
} QJSPrepare;

static JSValue qjs_prepare_value(QJSPrepare *r, JSValueConst v, JSAtom key);

/* The pair of p, or where it would be. */
static JSValue *qjs_prepare_slot(JSValue *pairs, uint32_t capacity, JSObject *p)
{
    uint32_t i = (uint32_t)(uintptr_t)p * 2654435761u >> 7 & (capacity - 1);
    while (!JS_IsUndefined(pairs[2 * i]) && JS_VALUE_GET_OBJ(pairs[2 * i]) != p)
        i = (i + 1) & (capacity - 1);
    return &pairs[2 * i];
}

static int qjs_prepare_grow(QJSPrepare *r)
{
    uint32_t i, capacity = r->capacity ? r->capacity * 2 : 16;
    JSValue *slot, *grown = js_malloc(r->ctx, capacity * 2 * sizeof(*grown));
    if (!grown)
        return -1;
    for (i = 0; i < capacity; i++)
        grown[2 * i] = JS_UNDEFINED;
    for (i = 0; i < r->capacity; i++) {
        if (JS_IsUndefined(r->pairs[2 * i]))
            continue;
        slot = qjs_prepare_slot(grown, capacity, JS_VALUE_GET_OBJ(r->pairs[2 * i]));
        slot[0] = r->pairs[2 * i];
        slot[1] = r->pairs[2 * i + 1];
    }
    js_free(r->ctx, r->pairs);
    r->pairs = grown;
    r->capacity = capacity;
    return 0;
}

/* Remember copy as that of source, which must live on lest another object takes
   its address. own: none  raises: yes  runs-js: no */
static int qjs_prepare_note(QJSPrepare *r, JSValueConst source, JSValueConst copy)
{
    JSValue *slot;
    if (r->count * 2 >= r->capacity && qjs_prepare_grow(r) < 0)
        return -1;
    slot = qjs_prepare_slot(r->pairs, r->capacity, JS_VALUE_GET_OBJ(source));
    slot[0] = js_dup(source);
    slot[1] = js_dup(copy);
    r->count++;
    return 0;
}
