/* Guest to host: what the writer of a tape remembers. */

#define QJS_EXPORT_HOLES (1 << 20) /* holes an exported array may have */

typedef struct QJSWriter {
    JSContext *ctx;
    DynBuf *out;
    JSObject **table;   /* open addressing, by address */
    uint32_t *ids;      /* order of appearance of table's objects */
    uint32_t entries;   /* of table */
    uint32_t capacity;  /* a power of two, or 0 */
    uint32_t count;     /* containers on the tape */
    struct QJSWriteShape *shapes; /* open addressing, by address */
    uint32_t shape_count;
    uint32_t shape_capacity;
    uint32_t shape_ids; /* shapes whose keys are on the tape */
    QJSLimits *limits;
    uint32_t *roots;    /* {index, generation} pairs on the tape */
    uint32_t root_count;
    uint32_t root_capacity;
} QJSWriter;

static int qjs_write_value(QJSWriter *w, JSValueConst v);
static int qjs_write_plain(QJSWriter *w, JSObject *p, bool only);
static void qjs_write_shapes_free(QJSWriter *w);
static int qjs_write_item(QJSWriter *w, JSValueConst v);
static int qjs_write_error(QJSWriter *w, JSValueConst v, uint32_t flags);
static void qjs_limit_key(QJSWriter *w, JSAtom atom);

static inline int qjs_put_tag(QJSWriter *w, uint8_t tag)
{
    return dbuf_putc(w->out, tag);
}

static void qjs_patch_u32(QJSWriter *w, size_t at, uint32_t v)
{
    if (!dbuf_error(w->out))
        memcpy(w->out->buf + at, &v, 4);
}

static inline uint32_t qjs_writer_slot(QJSWriter *w, JSObject *p)
{
    uint32_t mask = w->capacity - 1;
    uint32_t i = ((uint32_t)(uintptr_t)p * 2654435761u >> 7) & mask;
    while (w->table[i] && w->table[i] != p)
        i = (i + 1) & mask;
    return i;
}

static int qjs_writer_grow(QJSWriter *w)
{
    QJSWriter grown = *w;
    uint32_t i, slot;

    grown.capacity = w->capacity ? w->capacity * 2 : 16;
    grown.table = js_mallocz(w->ctx, grown.capacity * sizeof(*grown.table));
    grown.ids = js_malloc(w->ctx, grown.capacity * sizeof(*grown.ids));
    if (!grown.table || !grown.ids) {
        js_free(w->ctx, grown.table);
        js_free(w->ctx, grown.ids);
        return -1;
    }
    for (i = 0; i < w->capacity; i++) {
        if (!w->table[i])
            continue;
        slot = qjs_writer_slot(&grown, w->table[i]);
        grown.table[slot] = w->table[i];
        grown.ids[slot] = w->ids[i];
    }
    js_free(w->ctx, w->table);
    js_free(w->ctx, w->ids);
    *w = grown;
    return 0;
}

/* 1: written as a reference to an earlier container; 0: new, now remembered. */
static int qjs_write_seen(QJSWriter *w, JSObject *p)
{
    uint32_t slot;
    if (w->entries * 2 >= w->capacity && qjs_writer_grow(w) < 0)
        return -1;
    slot = qjs_writer_slot(w, p);
    if (w->table[slot]) {
        qjs_put_tag(w, QJS_TAPE_BACKREF);
        dbuf_put_u32(w->out, w->ids[slot]);
        return 1;
    }
    w->table[slot] = p;
    w->ids[slot] = w->count;
    w->entries++;
    return 0;
}

