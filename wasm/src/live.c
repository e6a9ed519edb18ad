/* Live objects: Go structs, maps and lists that scripts use in place.
 *
 * An object has a record like a callable's, with the handle of the Go value. Its
 * properties are those of the Go value: nothing is kept here but the names of a
 * struct's fields, by type, so that a field crosses as a number. The host names
 * an object by its handle, which a table leads to the record. The record of an
 * object that has died stays until the host takes the handle from the dead list;
 * if the host asks for the object meanwhile, the record gets a new one.
 */

typedef struct QJSLiveField {
    JSAtom name;
    bool read_only;
} QJSLiveField;

typedef struct QJSLiveType {
    JSValue proto;
    uint32_t kind;   /* QJS_LIVE_STRUCT … */
    uint32_t count;
    uint32_t mask;   /* slots less one */
    uint32_t *slots; /* open addressing by name: a field's number and one, 0 is free */
    QJSLiveField fields[];
} QJSLiveType;

typedef struct QJSLive {
    QJSRecord record; /* without captures */
    JSObject *obj;    /* NULL: dead */
    QJSLiveType *type;
    struct QJSLive *next; /* in its bucket */
    bool linked;          /* on the dead list, where it stays if it gets a new object */
} QJSLive;

QJS_AT(JSObject, u.opaque, QJS_OBJECT_OPAQUE);
QJS_AT(QJSRecord, handle, 0);

static struct {
    QJSLive **buckets;
    uint32_t size; /* a power of two, or 0 */
    uint32_t count;
    QJSLiveType **types; /* by the number that the host gave them, NULL if it is not used */
    uint32_t type_count;
} qjs_live;

static bool qjs_is_live(const JSObject *p)
{
    return p->class_id == qjs_live_class || p->class_id == qjs_live_list_class;
}

static bool qjs_live_is_list(const JSObject *p)
{
    return p->class_id == qjs_live_list_class;
}

static QJSLive *qjs_live_of(JSValueConst obj)
{
    return JS_VALUE_GET_OBJ(obj)->u.opaque;
}

static inline QJSLive **qjs_live_bucket(uint64_t handle)
{
    return &qjs_live.buckets[(uint32_t)handle & (qjs_live.size - 1)];
}

static QJSLive *qjs_live_find(uint64_t handle)
{
    QJSLive *l = qjs_live.size ? *qjs_live_bucket(handle) : NULL;
    while (l && l->record.handle != handle)
        l = l->next;
    return l;
}

/* own: none  raises: yes  runs-js: no */
static int qjs_live_grow(JSContext *ctx)
{
    QJSLive **old = qjs_live.buckets, *l;
    uint32_t i, size = qjs_live.size;
    QJSLive **grown;

    if (qjs_live.count < size)
        return 0;
    grown = js_mallocz(ctx, (size ? 2 * size : 16) * sizeof(*grown));
    if (!grown)
        return -1;
    qjs_live.buckets = grown;
    qjs_live.size = size ? 2 * size : 16;
    for (i = 0; i < size; i++) {
        while ((l = old[i])) {
            QJSLive **bucket = qjs_live_bucket(l->record.handle);
            old[i] = l->next;
            l->next = *bucket;
            *bucket = l;
        }
    }
    js_free(ctx, old);
    return 0;
}

/* Whether a record taken off the dead list lives again; if not, it is about to be
   freed. own: none  raises: no  runs-js: no */
static bool qjs_live_taken(QJSRecord *r)
{
    QJSLive *l = (QJSLive *)r, **p;

    l->linked = false;
    if (l->obj)
        return true;
    for (p = qjs_live_bucket(r->handle); *p != l; p = &(*p)->next)
        ;
    *p = l->next;
    qjs_live.count--;
    return false;
}

static void qjs_live_finalizer(JSRuntime *rt, JSValueConst val)
{
    QJSLive *l = qjs_live_of(val);
    if (!l)
        return;
    l->obj = NULL;
    qjs_io_block.dead_count++;
    qjs_io_block.callable_count--;
    if (!l->linked) {
        l->linked = true;
        l->record.next_dead = qjs_dead_list;
        qjs_dead_list = &l->record;
    }
}

/* own: none  raises: yes  runs-js: no */
static QJSLive *qjs_live_record(JSContext *ctx, uint64_t handle, QJSLiveType *t)
{
    QJSLive *l, **bucket;

    if (qjs_live_grow(ctx) < 0)
        return NULL;
    l = js_mallocz(ctx, sizeof(*l));
    if (!l)
        return NULL;
    l->record.handle = handle;
    l->record.flags = QJS_RECORD_LIVE;
    l->type = t;
    bucket = qjs_live_bucket(handle);
    l->next = *bucket;
    *bucket = l;
    qjs_live.count++;
    return l;
}

/* The object of a handle: the one there is, or a new one.
   own: ret  raises: yes  runs-js: no */
static JSValue qjs_live_object(JSContext *ctx, uint64_t handle, QJSLiveType *t)
{
    QJSLive *l = qjs_live_find(handle);
    JSValue obj;

    if (l && l->obj)
        return js_dup(JS_MKPTR(JS_TAG_OBJECT, l->obj));
    obj = JS_NewObjectProtoClass(ctx, t->proto, t->kind == QJS_LIVE_LIST ? qjs_live_list_class : qjs_live_class);
    if (JS_IsException(obj))
        return obj;
    if (!l) {
        l = qjs_live_record(ctx, handle, t);
        if (!l) {
            JS_FreeValue(ctx, obj);
            return JS_EXCEPTION;
        }
    } else {
        qjs_io_block.dead_count--;
    }
    l->obj = JS_VALUE_GET_OBJ(obj);
    l->obj->u.opaque = l;
    l->obj->extensible = t->kind == QJS_LIVE_MAP;
    qjs_io_block.callable_count++;
    return obj;
}

static inline uint32_t qjs_live_slot(const QJSLiveType *t, JSAtom name)
{
    uint32_t i = (name * 2654435761u >> 16) & t->mask;
    while (t->slots[i] && t->fields[t->slots[i] - 1].name != name)
        i = (i + 1) & t->mask;
    return i;
}

/* The host's name for a property: a field's number, an index, or a string.
   Returns 0 if the object cannot have such a property.
   own: *pkey  raises: yes  runs-js: no */
static int qjs_live_key(JSContext *ctx, const QJSLiveType *t, JSAtom atom, JSValue *pkey)
{
    uint32_t i;

    switch (t->kind) {
    case QJS_LIVE_STRUCT:
        i = t->slots[qjs_live_slot(t, atom)];
        if (i == 0)
            return 0;
        *pkey = js_int32(i - 1);
        return 1;
    case QJS_LIVE_LIST:
        if (!JS_AtomIsArrayIndex(ctx, &i, atom))
            return 0;
        *pkey = js_uint32(i);
        return 1;
    }
    if (__JS_AtomIsTaggedInt(atom)) {
        *pkey = js_uint32(__JS_AtomToUInt32(atom));
        return 1;
    }
    if (JS_AtomGetKind(ctx, atom) != JS_ATOM_KIND_STRING)
        return 0;
    *pkey = JS_AtomToString(ctx, atom);
    return JS_IsException(*pkey) ? -1 : 1;
}

/* Ask the host. A property that is not there is JS_UNINITIALIZED. The object may
   be gone afterwards unless the caller holds it.
   own: ret  borrow: key, value  raises: yes  runs-js: what Go code does */
static JSValue qjs_live_ask(JSContext *ctx, QJSLive *l, uint32_t op, JSValueConst key, JSValueConst value)
{
    uint32_t status;

    if (js_check_stack_overflow(ctx->rt, 0))
        return JS_ThrowStackOverflow(ctx);
    if (js_check_aborting(ctx)) /* which the host's answer would end */
        return JS_EXCEPTION;
    status = qjs_host_live(l->record.handle, op, key, value);
    if (status == QJS_STATUS_UNDEFINED) {
        qjs_host_returned(ctx);
        return JS_UNINITIALIZED;
    }
    if (likely(status == QJS_STATUS_OK && JS_VALUE_GET_TAG(qjs_io_block.result) != QJS_TAG_TAPE)) {
        qjs_host_returned(ctx);
        return js_dup(qjs_io_block.result);
    }
    return qjs_host_outcome(ctx, status);
}

/* The same for what is answered by true or false, or not at all, which is false.
   own: key  raises: yes */
static int qjs_live_test(JSContext *ctx, QJSLive *l, uint32_t op, JSValue key, JSValueConst value)
{
    JSValue v = qjs_live_ask(ctx, l, op, key, value);

    JS_FreeValue(ctx, key);
    if (JS_IsException(v))
        return -1;
    if (JS_IsUninitialized(v))
        return 0;
    return JS_ToBoolFree(ctx, v);
}

/* own: none  raises: yes */
static JSValue qjs_live_length(JSContext *ctx, QJSLive *l)
{
    return qjs_live_ask(ctx, l, QJS_LIVE_LENGTH, JS_UNDEFINED, JS_UNDEFINED);
}

/* A copy one level deep: an array of a list's elements, an object of the others'
   properties. own: ret  raises: yes */
static JSValue qjs_live_snapshot(JSContext *ctx, JSObject *p)
{
    QJSLive *l = p->u.opaque;
    QJSLiveType *t = l->type;
    JSValue v = qjs_live_ask(ctx, l, QJS_LIVE_SNAPSHOT, JS_UNDEFINED, JS_UNDEFINED);

    if (!JS_IsException(v) && t->kind != QJS_LIVE_LIST && JS_SetPrototypeInternal(ctx, v, t->proto, true) < 0) {
        JS_FreeValue(ctx, v);
        return JS_EXCEPTION;
    }
    return v;
}
