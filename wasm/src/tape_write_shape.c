/* Guest to host: plain objects. Those that share a shape, as records do, send
 * their keys once per tape. */

typedef struct QJSWriteShape {
    JSShape *shape; /* NULL while free; borrowed from the graph, which does not change meanwhile */
    uint32_t *slots; /* the properties that cross, in property order */
    uint32_t count;  /* of slots, or QJS_SHAPE_NONE if objects of this shape send their keys */
    uint32_t id;     /* QJS_SHAPE_NONE until the tape has the keys */
} QJSWriteShape;

#define QJS_SHAPE_NONE UINT32_MAX

static QJSWriteShape *qjs_write_shape_slot(QJSWriteShape *table, uint32_t capacity, JSShape *sh)
{
    uint32_t i = (uint32_t)(uintptr_t)sh * 2654435761u >> 7 & (capacity - 1);
    while (table[i].shape && table[i].shape != sh)
        i = (i + 1) & (capacity - 1);
    return &table[i];
}

static int qjs_write_shapes_grow(QJSWriter *w)
{
    uint32_t i, capacity = w->shape_capacity ? w->shape_capacity * 2 : 16;
    QJSWriteShape *grown = js_mallocz(w->ctx, capacity * sizeof(*grown));
    if (!grown)
        return -1;
    for (i = 0; i < w->shape_capacity; i++) {
        if (w->shapes[i].shape)
            *qjs_write_shape_slot(grown, capacity, w->shapes[i].shape) = w->shapes[i];
    }
    js_free(w->ctx, w->shapes);
    w->shapes = grown;
    w->shape_capacity = capacity;
    return 0;
}

static void qjs_write_shapes_free(QJSWriter *w)
{
    uint32_t i;
    for (i = 0; i < w->shape_capacity; i++)
        js_free(w->ctx, w->shapes[i].slots);
    js_free(w->ctx, w->shapes);
}

/* Which slots of a shape cross: its enumerable data properties with string keys.
   Integer keys come first in property order whatever their slot, and the bindings
   of a module have no slots of their own: such objects send their keys.
   own: none  raises: yes  runs-js: no */
static int qjs_write_shape_learn(QJSWriter *w, QJSWriteShape *s)
{
    JSShapeProperty *prs = get_shape_prop(s->shape);
    uint32_t i, index, n = s->shape->prop_count;

    s->id = s->count = QJS_SHAPE_NONE;
    if (n > QJS_SHAPE_MAX)
        return 0;
    s->slots = js_malloc(w->ctx, max_uint32(n, 1) * sizeof(*s->slots));
    if (!s->slots) {
        s->shape = NULL;
        return -1;
    }
    s->count = 0;
    for (i = 0; i < n; i++, prs++) {
        uint32_t type = prs->flags & JS_PROP_TMASK;
        if (prs->atom == JS_ATOM_NULL || !(prs->flags & JS_PROP_ENUMERABLE) ||
            JS_AtomGetKind(w->ctx, prs->atom) != JS_ATOM_KIND_STRING)
            continue;
        if (type == JS_PROP_VARREF || JS_AtomIsArrayIndex(w->ctx, &index, prs->atom)) {
            s->count = QJS_SHAPE_NONE;
            return 0;
        }
        if (type == JS_PROP_NORMAL)
            s->slots[s->count++] = i;
    }
    return 0;
}

/* What the writer knows of a shape; *ps is a copy, since its table may grow
   before the object is written. own: none  raises: yes  runs-js: no */
static int qjs_write_shape_find(QJSWriter *w, JSShape *sh, QJSWriteShape *ps)
{
    QJSWriteShape *s;

    if (w->shape_count * 2 >= w->shape_capacity && qjs_write_shapes_grow(w) < 0)
        return -1;
    s = qjs_write_shape_slot(w->shapes, w->shape_capacity, sh);
    if (!s->shape) {
        s->shape = sh;
        if (qjs_write_shape_learn(w, s) < 0)
            return -1;
        w->shape_count++;
    }
    *ps = *s;
    if (s->id == QJS_SHAPE_NONE && s->count != QJS_SHAPE_NONE)
        s->id = w->shape_ids++;
    return 0;
}

/* own: none  raises: yes  runs-js: no */
static int qjs_write_shape_keys(QJSWriter *w, const QJSWriteShape *s)
{
    JSShapeProperty *prs = get_shape_prop(s->shape);
    uint32_t i;

    qjs_put_tag(w, QJS_TAPE_SHAPE);
    dbuf_put_u32(w->out, w->shape_ids - 1);
    dbuf_put_u32(w->out, s->count);
    for (i = 0; i < s->count; i++) {
        if (qjs_write_atom(w, prs[s->slots[i]].atom) < 0)
            return -1;
    }
    return 0;
}

/* Own enumerable string-keyed data properties, in property order, each with its
   key. own: none  raises: yes  runs-js: no */
static int qjs_write_properties(QJSWriter *w, JSObject *p)
{
    JSContext *ctx = w->ctx;
    JSPropertyEnum *tab;
    uint32_t i, n, written = 0;
    size_t at;
    int ret = -1;

    if (JS_GetOwnPropertyNamesInternal(ctx, &tab, &n, p, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) < 0)
        return -1;
    qjs_put_tag(w, QJS_TAPE_OBJECT);
    at = w->out->size;
    dbuf_put_u32(w->out, 0);
    for (i = 0; i < n; i++) {
        JSProperty *pr;
        JSShapeProperty *prs = find_own_property(&pr, p, tab[i].atom);
        JSValueConst v;
        bool own = true;
        if (!prs)
            continue;
        if ((prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL) {
            v = pr->u.value;
        } else if ((prs->flags & JS_PROP_TMASK) == JS_PROP_VARREF) {
            v = *pr->u.var_ref->pvalue;
            own = false; /* a binding has several names, and counts as one reference */
        } else {
            continue;
        }
        if (qjs_write_atom(w, tab[i].atom) < 0)
            goto done;
        if ((own ? qjs_write_item(w, v) : qjs_write_value(w, v)) < 0) {
            qjs_limit_key(w, tab[i].atom);
            goto done;
        }
        written++;
        if (js_poll_interrupts(ctx))
            goto done;
    }
    qjs_patch_u32(w, at, written);
    ret = 0;
done:
    JS_FreePropertyEnum(ctx, tab, n);
    return ret;
}

/* own: none  raises: yes  runs-js: no */
static int qjs_write_object(QJSWriter *w, JSObject *p)
{
    JSShape *sh = p->shape;
    QJSWriteShape s;
    uint32_t i;

    if (JS_REF_COUNT(sh) == 1 || p->is_exotic) /* nobody else has this shape */
        return qjs_write_properties(w, p);
    if (qjs_write_shape_find(w, sh, &s) < 0)
        return -1;
    if (s.count == QJS_SHAPE_NONE)
        return qjs_write_properties(w, p);
    if (s.id == QJS_SHAPE_NONE) {
        if (qjs_write_shape_keys(w, &s) < 0)
            return -1;
    } else {
        qjs_put_tag(w, QJS_TAPE_RECORD);
        dbuf_put_u32(w->out, s.id);
    }
    for (i = 0; i < s.count; i++) {
        if (qjs_write_item(w, p->prop[s.slots[i]].u.value) < 0) {
            qjs_limit_key(w, get_shape_prop(sh)[s.slots[i]].atom);
            return -1;
        }
    }
    return js_poll_interrupts(w->ctx);
}
