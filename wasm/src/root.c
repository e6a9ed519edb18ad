/* The root table: the values that the host holds.
 *
 * A root is named by {index, generation}. Slots live in chunks so that a table
 * that was large once gives its memory back: an empty chunk is freed and only
 * the generation to continue with is kept, so that no stale name ever becomes
 * valid again.
 */

#define QJS_ROOT_CHUNK 256
#define QJS_ROOT_NONE UINT32_MAX

typedef struct QJSRootSlot {
    JSValue value;       /* JS_UNINITIALIZED while free */
    uint32_t generation; /* of the value in it, or of the last one */
    uint32_t next_free;  /* slot within the chunk */
} QJSRootSlot;

typedef struct QJSRootChunk {
    uint32_t used;
    uint32_t first_free;
    uint32_t index; /* of this chunk */
    struct list_head free_link; /* in qjs_roots.free_chunks while a slot is free */
    QJSRootSlot slots[QJS_ROOT_CHUNK];
} QJSRootChunk;

static struct {
    QJSRootChunk **chunks; /* NULL where a chunk was freed */
    uint32_t *generations; /* generation a chunk that is made again starts above */
    uint32_t chunk_count;
    uint32_t chunk_capacity;
    uint32_t missing;      /* chunks that are NULL */
    struct list_head free_chunks;
} qjs_roots;

static void qjs_roots_init(void)
{
    init_list_head(&qjs_roots.free_chunks);
}

static int qjs_roots_extend(JSContext *ctx)
{
    uint32_t capacity = qjs_roots.chunk_capacity ? qjs_roots.chunk_capacity * 2 : 8;
    QJSRootChunk **chunks;
    uint32_t *generations;

    if (qjs_roots.chunk_count < qjs_roots.chunk_capacity)
        return 0;
    chunks = js_realloc(ctx, qjs_roots.chunks, capacity * sizeof(*chunks));
    if (!chunks)
        return -1;
    qjs_roots.chunks = chunks;
    generations = js_realloc(ctx, qjs_roots.generations, capacity * sizeof(*generations));
    if (!generations)
        return -1;
    qjs_roots.generations = generations;
    qjs_roots.chunk_capacity = capacity;
    return 0;
}

/* own: none  raises: yes  runs-js: no */
static QJSRootChunk *qjs_root_chunk_new(JSContext *ctx)
{
    QJSRootChunk *c;
    uint32_t i, index = qjs_roots.chunk_count;

    if (qjs_roots.missing > 0) {
        for (index = 0; qjs_roots.chunks[index]; index++)
            ;
    } else if (qjs_roots_extend(ctx) < 0) {
        return NULL;
    }
    c = js_malloc(ctx, sizeof(*c));
    if (!c)
        return NULL;
    if (index == qjs_roots.chunk_count) {
        qjs_roots.generations[qjs_roots.chunk_count++] = 0;
    } else {
        qjs_roots.missing--;
    }
    c->used = 0;
    c->first_free = 0;
    c->index = index;
    for (i = 0; i < QJS_ROOT_CHUNK; i++) {
        c->slots[i].value = JS_UNINITIALIZED;
        c->slots[i].generation = qjs_roots.generations[index];
        c->slots[i].next_free = i + 1 < QJS_ROOT_CHUNK ? i + 1 : QJS_ROOT_NONE;
    }
    qjs_roots.chunks[index] = c;
    list_add(&c->free_link, &qjs_roots.free_chunks);
    return c;
}

static void qjs_root_chunk_free(JSContext *ctx, QJSRootChunk *c)
{
    uint32_t i, highest = 0;

    for (i = 0; i < QJS_ROOT_CHUNK; i++)
        highest = max_uint32(highest, c->slots[i].generation);
    qjs_roots.generations[c->index] = highest;
    qjs_roots.chunks[c->index] = NULL;
    qjs_roots.missing++;
    list_del(&c->free_link);
    js_free(ctx, c);
}

/* Returns the slot's index, or QJS_ROOT_NONE with an exception.
   own: v (also on failure)  raises: yes  runs-js: no */
static uint32_t qjs_root_add(JSContext *ctx, JSValue v, uint32_t *pgeneration)
{
    QJSRootChunk *c;
    QJSRootSlot *s;
    uint32_t i;

    if (list_empty(&qjs_roots.free_chunks)) {
        c = qjs_root_chunk_new(ctx);
        if (!c) {
            JS_FreeValue(ctx, v);
            return QJS_ROOT_NONE;
        }
    } else {
        c = list_entry(qjs_roots.free_chunks.next, QJSRootChunk, free_link);
    }
    i = c->first_free;
    s = &c->slots[i];
    c->first_free = s->next_free;
    c->used++;
    if (c->first_free == QJS_ROOT_NONE)
        list_del(&c->free_link);
    s->value = v;
    s->generation++;
    qjs_io_block.root_count++;
    *pgeneration = s->generation;
    return c->index * QJS_ROOT_CHUNK + i;
}

static QJSRootSlot *qjs_root_find(uint32_t index, uint32_t generation, QJSRootChunk **pchunk)
{
    uint32_t chunk = index / QJS_ROOT_CHUNK;
    QJSRootSlot *s;

    if (chunk >= qjs_roots.chunk_count || !qjs_roots.chunks[chunk])
        return NULL;
    s = &qjs_roots.chunks[chunk]->slots[index % QJS_ROOT_CHUNK];
    if (s->generation != generation || JS_IsUninitialized(s->value))
        return NULL;
    *pchunk = qjs_roots.chunks[chunk];
    return s;
}

/* A borrowed value, or an exception for a name that is not live.
   own: none  raises: yes  runs-js: no */
static JSValueConst qjs_root_get(JSContext *ctx, uint32_t index, uint32_t generation)
{
    QJSRootChunk *c;
    QJSRootSlot *s = qjs_root_find(index, generation, &c);
    if (unlikely(!s)) {
        JS_ThrowInternalError(ctx, "value was released");
        return JS_EXCEPTION;
    }
    return s->value;
}

static bool qjs_root_remove(JSContext *ctx, uint32_t index, uint32_t generation)
{
    QJSRootChunk *c;
    QJSRootSlot *s = qjs_root_find(index, generation, &c);
    JSValue v;

    if (!s)
        return false;
    v = s->value;
    s->value = JS_UNINITIALIZED;
    qjs_io_block.root_count--;
    c->used--;
    /* A slot whose generation would wrap is never handed out again. */
    if (likely(s->generation != UINT32_MAX)) {
        if (c->first_free == QJS_ROOT_NONE)
            list_add_tail(&c->free_link, &qjs_roots.free_chunks);
        s->next_free = c->first_free;
        c->first_free = index % QJS_ROOT_CHUNK;
        /* Keep one chunk, lest a host that holds a single value at a time
           allocates a chunk for each. */
        if (c->used == 0 && qjs_roots.chunk_count - qjs_roots.missing > 1 &&
            s->generation < UINT32_MAX - QJS_ROOT_CHUNK)
            qjs_root_chunk_free(ctx, c);
    }
    JS_FreeValue(ctx, v);
    return true;
}

/* Release n roots, whose {index, generation} pairs the host wrote at in_ptr.
   Returns how many were live. own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_root_release") uint32_t qjs_root_release(uint32_t n)
{
    const uint32_t *pairs = (const uint32_t *)(uintptr_t)qjs_io_block.in_ptr;
    uint32_t i, live = 0;

    if (n > qjs_io_block.in_cap / 8)
        return 0;
    for (i = 0; i < n; i++)
        live += qjs_root_remove(qjs_ctx, pairs[2 * i], pairs[2 * i + 1]);
    qjs_in_done();
    return live;
}
