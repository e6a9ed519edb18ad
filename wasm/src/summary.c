/* Summaries: the part of the heap that only the host's roots reach.
 *
 * A Go function that holds a value from whose graph its own JS function is
 * reachable is garbage that neither collector sees. So the host is told that part
 * of the graph, lets its own references mirror it, and its collector sees the
 * cycle. See package gc.
 *
 * As in the engine's collection of cycles, an object is held from elsewhere if it
 * has more references than other objects and the root table account for: by the
 * context, by jobs, by anything that has no mark function. What those reach is
 * left out. A reference that nobody knows of thus leaves garbage in place, but
 * never makes garbage of what is in use.
 *
 * The summary takes no memory: objects are numbered in their links to the one
 * before, which are made anew afterwards. And it goes through the heap as rarely as
 * it can, since that is what takes the time: references are counted again while
 * they are told. If an abort comes before all is told, counting them is all that is
 * done still; weak references keep the stamps that they had.
 */

static struct {
    uint32_t *words; /* the host's input buffer serves as output */
    uint32_t count, capacity;
    uint32_t stamps;
    bool weak; /* there are weak references to an object, or a registry */
} qjs_summary;

static bool qjs_wake(uint32_t stamp)
{
    return qjs_host_wake(stamp);
}

/* Objects that are found to be held from elsewhere have no mark, the others keep
   theirs and stay on tmp_obj_list. */
static inline bool qjs_summary_is_inside(const JSGCObjectHeader *p)
{
    return JS_GC_MARK(p) != 0;
}

static void qjs_summary_exclude(JSRuntime *rt, JSGCObjectHeader *p)
{
    if (!qjs_summary_is_inside(p))
        return;
    JS_GC_MARK(p) = 0;
    list_del(&p->link);
    list_add_tail(&p->link, &rt->gc_obj_list);
}

static void qjs_summary_exclude_child(JSRuntime *rt, JSGCObjectHeader *p)
{
    JS_REF_COUNT(p)++;
    qjs_summary_exclude(rt, p);
}

/* The map or registry of an object, NULL if it is neither. */
static JSMapState *qjs_summary_weak_map(JSObject *p)
{
    if (p->class_id != JS_CLASS_WEAKMAP && p->class_id != JS_CLASS_WEAKSET)
        return NULL;
    return p->u.map_state;
}

static JSFinalizationRegistryData *qjs_summary_registry(JSObject *p)
{
    return p->class_id == JS_CLASS_FINALIZATION_REGISTRY ? p->u.opaque : NULL;
}

/* Does anything ask the host whether this object is alive? */
static inline bool qjs_summary_is_stamped(JSObject *p)
{
    JSWeakRefRecord *wr;

    if (qjs_summary_registry(p))
        return true;
    for (wr = p->first_weak_ref; wr; wr = wr->next_weak_ref) {
        if (wr->kind == JS_WEAK_REF_KIND_WEAK_REF)
            return true;
    }
    return false;
}

static void qjs_summary_stamp(JSObject *p, uint32_t stamp)
{
    JSFinalizationRegistryData *frd = qjs_summary_registry(p);
    JSWeakRefRecord *wr;
    struct list_head *el;

    if (frd) {
        list_for_each(el, &frd->entries)
            list_entry(el, JSFinRecEntry, link)->stamp = stamp;
    }
    for (wr = p->first_weak_ref; wr; wr = wr->next_weak_ref) {
        if (wr->kind == JS_WEAK_REF_KIND_WEAK_REF)
            wr->u.weak_ref_data->stamp = stamp;
    }
}

/* The value of a WeakMap entry is reached when both its map and its key are: this
   looks from the one that is reached last. */
static void qjs_summary_exclude_ephemerons(JSRuntime *rt, JSObject *p)
{
    JSMapState *s = qjs_summary_weak_map(p);
    JSWeakRefRecord *wr;
    struct list_head *el;
    JSMapRecord *mr;

    for (wr = p->first_weak_ref; wr; wr = wr->next_weak_ref) {
        if (wr->kind != JS_WEAK_REF_KIND_MAP)
            continue;
        mr = wr->u.map_record;
        if (!qjs_summary_is_inside(&mr->map->obj->header))
            JS_MarkValue(rt, mr->value, qjs_summary_exclude);
    }
    if (!s)
        return;
    list_for_each(el, &s->records) {
        mr = list_entry(el, JSMapRecord, link);
        if (JS_IsObject(mr->key) && !qjs_summary_is_inside(JS_VALUE_GET_PTR(mr->key)))
            JS_MarkValue(rt, mr->value, qjs_summary_exclude);
    }
}

typedef void QJSRootFunc(JSRuntime *rt, uint32_t index, QJSRootSlot *s);

static void qjs_summary_each_root(JSRuntime *rt, QJSRootFunc *f)
{
    uint32_t i, j;

    for (i = 0; i < qjs_roots.chunk_count; i++) {
        QJSRootChunk *c = qjs_roots.chunks[i];
        if (!c)
            continue;
        for (j = 0; j < QJS_ROOT_CHUNK; j++) {
            QJSRootSlot *s = &c->slots[j];
            if (JS_IsObject(s->value))
                f(rt, i * QJS_ROOT_CHUNK + j, s);
        }
    }
}

static void qjs_summary_root_decref(JSRuntime *rt, uint32_t index, QJSRootSlot *s)
{
    gc_decref_child(rt, JS_VALUE_GET_PTR(s->value));
}

/* Take what is held from elsewhere off the candidates, and what that reaches.
   Returns the number of those objects.
   own: none  raises: no  runs-js: no */
static uint32_t qjs_summary_scan(JSRuntime *rt)
{
    struct list_head *el;
    uint32_t n = 0;

    list_for_each(el, &rt->gc_obj_list) {
        JSGCObjectHeader *h = list_entry(el, JSGCObjectHeader, link);
        n++;
        JS_GC_MARK(h) = 0;
        if (unlikely(rt->aborting)) {
            mark_children(rt, h, gc_scan_incref_child2);
            continue;
        }
        mark_children(rt, h, qjs_summary_exclude_child);
        if (JS_GC_TYPE(h) == JS_GC_OBJ_TYPE_JS_OBJECT) {
            JSObject *p = (JSObject *)h;
            if (unlikely(p->first_weak_ref)) {
                qjs_summary.weak = true;
                qjs_summary_exclude_ephemerons(rt, p);
            } else if (unlikely(qjs_summary_weak_map(p))) {
                qjs_summary_exclude_ephemerons(rt, p);
            }
            if (unlikely(qjs_summary_registry(p)))
                qjs_summary.weak = true;
        }
    }
    return n;
}

static void qjs_summary_number(JSRuntime *rt)
{
    struct list_head *el;
    uint32_t n = 0;

    list_for_each(el, &rt->tmp_obj_list) {
        if (unlikely(rt->aborting))
            return;
        el->prev = (struct list_head *)(uintptr_t)++n;
    }
}

static inline uint32_t qjs_summary_number_of(const JSGCObjectHeader *p)
{
    return (uint32_t)(uintptr_t)p->link.prev;
}

static void qjs_summary_flush(void)
{
    if (qjs_summary.count > 0)
        qjs_host_summary((uint32_t)(uintptr_t)qjs_summary.words, qjs_summary.count);
    qjs_summary.count = 0;
}

static inline void qjs_summary_word(uint32_t word)
{
    if (unlikely(qjs_summary.count == qjs_summary.capacity))
        qjs_summary_flush();
    qjs_summary.words[qjs_summary.count++] = word;
}

static void qjs_summary_edge(JSRuntime *rt, JSGCObjectHeader *p)
{
    if (qjs_summary_is_inside(p))
        qjs_summary_word(qjs_summary_number_of(p));
}

static void qjs_summary_child(JSRuntime *rt, JSGCObjectHeader *p)
{
    JS_REF_COUNT(p)++;
    qjs_summary_edge(rt, p);
}

static void qjs_summary_entry(JSRuntime *rt, JSGCObjectHeader *p)
{
    if (qjs_summary_is_inside(p)) {
        qjs_summary_word(QJS_SUMMARY_ENTRY);
        qjs_summary_word(qjs_summary_number_of(p));
    }
}

/* The host cannot say "both of these": an entry's value hangs on its key, which may
   be in use when the value is not, or on the map if the key is held from elsewhere. */
static void qjs_summary_ephemeron_edges(JSRuntime *rt, JSObject *p)
{
    JSMapState *s = qjs_summary_weak_map(p);
    struct list_head *el;

    if (p->first_weak_ref) {
        qjs_summary.weak = true;
        mark_weak_map_value(rt, p->first_weak_ref, qjs_summary_entry);
    }
    if (!s)
        return;
    list_for_each(el, &s->records) {
        JSMapRecord *mr = list_entry(el, JSMapRecord, link);
        if (JS_IsObject(mr->key) && !qjs_summary_is_inside(JS_VALUE_GET_PTR(mr->key)))
            JS_MarkValue(rt, mr->value, qjs_summary_edge);
    }
}

static void qjs_summary_object(JSRuntime *rt, JSObject *p)
{
    QJSRecord *r;

    if (p->class_id == qjs_callable_class || p->class_id == qjs_host_ref_class || qjs_is_live(p)) {
        r = p->u.opaque;
        if (r) {
            qjs_summary_word(QJS_SUMMARY_HANDLE);
            qjs_summary_word((uint32_t)r->handle);
            qjs_summary_word((uint32_t)(r->handle >> 32));
        }
    }
    if (unlikely(qjs_summary_is_stamped(p))) {
        qjs_summary.weak = true;
        qjs_summary_word(QJS_SUMMARY_STAMP);
        qjs_summary_word(++qjs_summary.stamps);
    }
    qjs_summary_ephemeron_edges(rt, p);
}

static void qjs_summary_root(JSRuntime *rt, uint32_t index, QJSRootSlot *s)
{
    JSGCObjectHeader *p = JS_VALUE_GET_PTR(s->value);

    JS_REF_COUNT(p)++;
    if (!qjs_summary_is_inside(p) || unlikely(rt->aborting))
        return;
    qjs_summary_word(QJS_SUMMARY_ROOT);
    qjs_summary_word(index);
    qjs_summary_word(s->generation);
    qjs_summary_word(qjs_summary_number_of(p));
}

static void qjs_summary_tell(JSRuntime *rt)
{
    struct list_head *el;

    list_for_each(el, &rt->tmp_obj_list) {
        JSGCObjectHeader *h = list_entry(el, JSGCObjectHeader, link);
        if (unlikely(rt->aborting)) {
            mark_children(rt, h, gc_scan_incref_child2);
            continue;
        }
        if (JS_GC_TYPE(h) == JS_GC_OBJ_TYPE_JS_OBJECT)
            qjs_summary_object(rt, (JSObject *)h);
        mark_children(rt, h, qjs_summary_child);
        qjs_summary_word(QJS_SUMMARY_END);
    }
    qjs_summary_each_root(rt, qjs_summary_root);
    qjs_summary_flush();
}

/* What was told is so: stamp what weak references ask for, in the same order. */
static void qjs_summary_commit(JSRuntime *rt)
{
    struct list_head *el;
    uint32_t stamps = 0;

    list_for_each(el, &rt->gc_obj_list) {
        JSObject *p = list_entry(el, JSObject, header.link);
        if (JS_GC_TYPE(&p->header) == JS_GC_OBJ_TYPE_JS_OBJECT)
            qjs_summary_stamp(p, 0);
    }
    list_for_each(el, &rt->tmp_obj_list) {
        JSObject *p = list_entry(el, JSObject, header.link);
        if (JS_GC_TYPE(&p->header) == JS_GC_OBJ_TYPE_JS_OBJECT && qjs_summary_is_stamped(p))
            qjs_summary_stamp(p, ++stamps);
    }
}

/* Make the heap what it was. */
static void qjs_summary_undo(JSRuntime *rt)
{
    struct list_head *el, *last = rt->gc_obj_list.prev;

    list_for_each(el, &rt->tmp_obj_list) {
        JS_GC_MARK(list_entry(el, JSGCObjectHeader, link)) = 0;
        last->next = el;
        el->prev = last;
        last = el;
    }
    last->next = &rt->gc_obj_list;
    rt->gc_obj_list.prev = last;
    init_list_head(&rt->tmp_obj_list);
    if (!qjs_summary.weak)
        return;
    list_for_each(el, &rt->gc_obj_list) {
        JSObject *p = list_entry(el, JSObject, header.link);
        if (JS_GC_TYPE(&p->header) == JS_GC_OBJ_TYPE_JS_OBJECT && p->first_weak_ref)
            mark_weak_map_value(rt, p->first_weak_ref, gc_scan_incref_child2);
    }
}

/* Tell the host, through its function for it, of each object that only roots
   reach, and then of the roots. An object is its handle, if it stands for a Go
   function or value, its stamp, if there are weak references that depend on it,
   and the numbers of those it refers to; its own is its place, from 1. Only while
   no script is running. Returns the number of the other objects, or UINT32_MAX if
   an abort came before all was told: then what was is void. The abort ends here.
   own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_summarize") uint32_t qjs_summarize(void)
{
    JSRuntime *rt = qjs_rt;
    uint32_t n = UINT32_MAX;
    bool told;

    rt->aborting = false;
    JS_FreeValue(qjs_ctx, qjs_held_result);
    qjs_held_result = JS_UNDEFINED;
    qjs_modules_unload(qjs_ctx);
    qjs_in_reset();
    qjs_summary.words = (uint32_t *)qjs_in_static;
    qjs_summary.capacity = sizeof(qjs_in_static) / sizeof(uint32_t);
    qjs_summary.count = qjs_summary.stamps = 0;
    qjs_summary.weak = false;
    if (gc_decref(rt)) {
        qjs_summary_each_root(rt, qjs_summary_root_decref);
        rt->gc_skips_ephemerons = true;
        n = qjs_summary_scan(rt);
        qjs_summary_number(rt);
        qjs_summary_tell(rt);
        told = !rt->aborting;
        if (!told)
            n = UINT32_MAX;
        else if (qjs_summary.weak)
            qjs_summary_commit(rt);
        qjs_summary.weak |= !told; /* who was not asked may be */
        qjs_summary_undo(rt);
        rt->gc_skips_ephemerons = false;
    }
    rt->aborting = false;
    return n;
}
