/* Reading objects without running code: own properties straight from shape and slots, prototypes without traps. */

typedef enum QJSSlotKind {
    QJS_SLOT_NONE,
    QJS_SLOT_DATA,
    QJS_SLOT_ACCESSOR,
    QJS_SLOT_UNSET, /* a module binding in its temporal dead zone */
} QJSSlotKind;

typedef struct QJSSlot {
    QJSSlotKind kind;
    bool enumerable;
    bool has_get, has_set;
    JSValue value; /* owned; JS_UNDEFINED unless kind is QJS_SLOT_DATA */
} QJSSlot;

static void qjs_slot_free(JSContext *ctx, QJSSlot *slot)
{
    JS_FreeValue(ctx, slot->value);
    slot->value = JS_UNDEFINED;
    slot->kind = QJS_SLOT_NONE;
}

/* Reads an own property. Proxies and host-defined exotic objects answer only for the slots that they hold themselves.
   own: slot->value  borrow: p  raises: yes  runs-js: no */
static int qjs_slot_read(JSContext *ctx, JSObject *p, JSAtom atom, QJSSlot *slot)
{
    JSProperty *pr;
    JSShapeProperty *prs;
    int ret;

    *slot = (QJSSlot){ .value = JS_UNDEFINED };
    prs = find_own_property(&pr, p, atom);
    if (prs && (prs->flags & JS_PROP_TMASK) == JS_PROP_AUTOINIT) {
        /* Functions that the engine keeps as bytecode are left alone: building one runs it. */
        if (js_autoinit_get_id(pr) == JS_AUTOINIT_ID_BYTECODE) {
            slot->kind = QJS_SLOT_DATA;
            return 0;
        }
        if (JS_AutoInitProperty(ctx, p, atom, pr, prs))
            return -1;
        prs = find_own_property(&pr, p, atom);
    }
    if (prs) {
        slot->enumerable = (prs->flags & JS_PROP_ENUMERABLE) != 0;
        slot->kind = QJS_SLOT_DATA;
        switch (prs->flags & JS_PROP_TMASK) {
        case JS_PROP_GETSET:
            slot->kind = QJS_SLOT_ACCESSOR;
            slot->has_get = pr->u.getset.getter != NULL;
            slot->has_set = pr->u.getset.setter != NULL;
            break;
        case JS_PROP_VARREF:
            if (JS_IsUninitialized(*pr->u.var_ref->pvalue))
                slot->kind = QJS_SLOT_UNSET;
            else
                slot->value = js_dup(*pr->u.var_ref->pvalue);
            break;
        default:
            slot->value = js_dup(pr->u.value);
            break;
        }
        return 0;
    }
    if (!__JS_AtomIsTaggedInt(atom))
        return 0;
    if (p->fast_array) {
        if (js_get_fast_array_element(ctx, p, __JS_AtomToUInt32(atom), &slot->value)) {
            if (JS_IsException(slot->value)) {
                slot->value = JS_UNDEFINED;
                return -1;
            }
            slot->kind = QJS_SLOT_DATA;
            slot->enumerable = true;
        }
    } else if (p->class_id == JS_CLASS_STRING) {
        JSPropertyDescriptor desc;
        ret = js_string_get_own_property(ctx, &desc, JS_MKPTR(JS_TAG_OBJECT, p), atom);
        if (ret < 0 || (ret > 0 && JS_IsException(desc.value)))
            return -1;
        if (ret > 0) {
            slot->value = desc.value;
            slot->kind = QJS_SLOT_DATA;
            slot->enumerable = true;
        }
    }
    return 0;
}

/* Finds a property along the prototype chain; the search ends at a proxy. *holder may be NULL.
   own: slot->value  borrow: p  raises: yes  runs-js: no */
static int qjs_slot_find(JSContext *ctx, JSObject *p, JSAtom atom, QJSSlot *slot, JSObject **holder)
{
    *slot = (QJSSlot){ .value = JS_UNDEFINED };
    for (; p && p->class_id != JS_CLASS_PROXY; p = p->shape->proto) {
        if (qjs_slot_read(ctx, p, atom, slot))
            return -1;
        if (slot->kind != QJS_SLOT_NONE) {
            if (holder)
                *holder = p;
            return 0;
        }
        if (js_poll_interrupts(ctx))
            return -1;
    }
    return 0;
}

/* The JSObject of a value, NULL for a primitive. */
static JSObject *qjs_object_of(JSValueConst v)
{
    return JS_VALUE_GET_TAG(v) == JS_TAG_OBJECT ? JS_VALUE_GET_OBJ(v) : NULL;
}

/* Own keys in the order of the language: indices ascending, then strings, then symbols. Atoms are borrowed. */
typedef struct QJSKey {
    JSAtom atom;
    uint32_t index; /* of an index key */
} QJSKey;

typedef struct QJSKeys {
    QJSKey *tab;
    int count, size;
    int index_count; /* the first ones are index keys */
    bool failed;     /* an interrupt arrived while sorting */
} QJSKeys;

enum {
    QJS_KEYS_HIDDEN = 1,    /* non-enumerable ones too */
    QJS_KEYS_NO_INDEX = 2,
    QJS_KEYS_ONLY_INDEX = 4,
    QJS_KEYS_NO_DENSE = 8,  /* no elements of arrays and typed arrays, no characters of strings */
    QJS_KEYS_NO_SYMBOL = 16,
};

static int qjs_keys_add(QJSInspect *s, QJSKeys *k, JSAtom atom, uint32_t index)
{
    if (js_resize_array(s->ctx, (void **)&k->tab, sizeof(k->tab[0]), &k->size, k->count + 1))
        return -1;
    k->tab[k->count++] = (QJSKey){ atom, index };
    return qjs_inspect_check(s);
}

typedef struct QJSKeysSort {
    QJSInspect *s;
    QJSKeys *k;
} QJSKeysSort;

static int qjs_keys_compare(const void *a, const void *b, void *opaque)
{
    QJSKeysSort *sort = opaque;
    uint32_t x = ((const QJSKey *)a)->index, y = ((const QJSKey *)b)->index;

    if (!sort->k->failed && qjs_inspect_check(sort->s))
        sort->k->failed = true;
    return (x > y) - (x < y);
}

/* Adds the keys of one kind from the shape. */
static int qjs_keys_scan(QJSInspect *s, JSObject *p, int flags, JSAtomKindEnum kind, bool want_index, QJSKeys *k)
{
    JSShape *sh = p->shape;
    JSShapeProperty *prs = get_shape_prop(sh);
    uint32_t index;

    for (int i = 0; i < sh->prop_count; i++, prs++) {
        if (prs->atom == JS_ATOM_NULL || JS_AtomGetKind(s->ctx, prs->atom) != kind)
            continue;
        if (!(flags & QJS_KEYS_HIDDEN) && !(prs->flags & JS_PROP_ENUMERABLE))
            continue;
        index = 0;
        if (kind == JS_ATOM_KIND_STRING && JS_AtomIsArrayIndex(s->ctx, &index, prs->atom) != want_index)
            continue;
        if (qjs_keys_add(s, k, prs->atom, index))
            return -1;
    }
    return 0;
}

/* own: k->tab, freed by qjs_keys_free  borrow: p  raises: yes  runs-js: no */
static int qjs_keys_collect(QJSInspect *s, JSObject *p, int flags, QJSKeys *k)
{
    memset(k, 0, sizeof(*k));
    if (!(flags & QJS_KEYS_NO_INDEX)) {
        uint32_t dense = p->fast_array ? p->u.array.count : 0;
        if (p->class_id == JS_CLASS_STRING && JS_IsString(p->u.object_data))
            dense = string_rope_get_len(p->u.object_data);
        /* Every key costs more than one byte of output: the rest could never be shown. */
        for (uint32_t i = 0; i < dense && i <= s->limit && !(flags & QJS_KEYS_NO_DENSE); i++) {
            if (qjs_keys_add(s, k, __JS_AtomFromUInt32(i), i))
                return -1;
        }
        int fast = k->count;
        if (qjs_keys_scan(s, p, flags, JS_ATOM_KIND_STRING, true, k))
            return -1;
        if (k->count > fast) {
            QJSKeysSort sort = { s, k };
            rqsort(k->tab, k->count, sizeof(k->tab[0]), qjs_keys_compare, &sort, &s->ctx->rt->aborting);
            if (k->failed)
                return -1;
        }
        k->index_count = k->count;
    }
    if (flags & QJS_KEYS_ONLY_INDEX)
        return 0;
    if (qjs_keys_scan(s, p, flags, JS_ATOM_KIND_STRING, false, k))
        return -1;
    if (flags & QJS_KEYS_NO_SYMBOL)
        return 0;
    return qjs_keys_scan(s, p, flags, JS_ATOM_KIND_SYMBOL, false, k);
}

static void qjs_keys_free(QJSInspect *s, QJSKeys *k)
{
    js_free(s->ctx, k->tab);
    memset(k, 0, sizeof(*k));
}

static int qjs_keys_find(const QJSKeys *k, JSAtom atom)
{
    for (int i = 0; i < k->count; i++) {
        if (k->tab[i].atom == atom)
            return i;
    }
    return -1;
}

static void qjs_keys_remove(QJSKeys *k, int at)
{
    memmove(k->tab + at, k->tab + at + 1, (k->count - at - 1) * sizeof(k->tab[0]));
    k->count--;
}
