/* console.table: cells are formatted on one text stack, then laid out in a grid. */

#define QJS_TABLE_ROWS_MAX    10000
#define QJS_TABLE_COLUMNS_MAX 1000
#define QJS_TABLE_CELLS_MAX   100000

typedef struct QJSCell {
    size_t start, len;
    int row, column;
} QJSCell;

typedef struct QJSColumn {
    JSAtom key; /* owned; JS_ATOM_NULL for a column with a title of its own */
    const char *title;
    size_t start, len, width; /* the title's text */
} QJSColumn;

typedef struct QJSTable {
    QJSInspect s;
    QJSCell *cells;
    int cell_count, cell_size;
    QJSColumn *columns;
    int column_count, column_size;
    int rows;
    bool cut; /* rows or columns were left out */
} QJSTable;

static void qjs_table_init(QJSTable *t, JSContext *ctx)
{
    QJSInspectOptions opt = qjs_console_options(QJS_CONSOLE_LOG);

    memset(t, 0, sizeof(*t));
    opt.max_array_length = 3;
    opt.break_length = INT32_MAX;
    qjs_inspect_init(&t->s, ctx, &opt);
}

static void qjs_table_done(QJSTable *t)
{
    JSContext *ctx = t->s.ctx;

    for (int i = 0; i < t->column_count; i++)
        JS_FreeAtom(ctx, t->columns[i].key);
    js_free(ctx, t->columns);
    js_free(ctx, t->cells);
    qjs_inspect_done(&t->s);
}

/* Returns the number of the new column, -1 on error. */
static int qjs_table_add_column(QJSTable *t, JSAtom key, const char *title)
{
    JSContext *ctx = t->s.ctx;

    if (js_resize_array(ctx, (void **)&t->columns, sizeof(t->columns[0]), &t->column_size, t->column_count + 1))
        return -1;
    t->columns[t->column_count] = (QJSColumn){ .key = JS_DupAtom(ctx, key), .title = title };
    return t->column_count++;
}

/* The column of a key, made on demand. Rows tend to have the same keys in the same order: `hint` is tried first.
   Returns the table's last column + 1 when there are too many. */
static int qjs_table_column(QJSTable *t, JSAtom key, int hint)
{
    if (hint < t->column_count && t->columns[hint].key == key)
        return hint;
    for (int i = 0; i < t->column_count; i++) {
        if (t->columns[i].key == key)
            return i;
    }
    if (t->column_count >= QJS_TABLE_COLUMNS_MAX) {
        t->cut = true;
        return t->column_count;
    }
    return qjs_table_add_column(t, key, NULL);
}

static int qjs_table_begin(QJSTable *t, int row, int column)
{
    if (js_resize_array(t->s.ctx, (void **)&t->cells, sizeof(t->cells[0]), &t->cell_size, t->cell_count + 1))
        return -1;
    t->cells[t->cell_count++] = (QJSCell){ t->s.text.size, 0, row, column };
    return 0;
}

static void qjs_table_end(QJSTable *t)
{
    QJSCell *c = &t->cells[t->cell_count - 1];
    c->len = t->s.text.size - c->start;
}

/* More than two listed properties: such an object is shown by its name only. */
static bool qjs_table_is_wide(JSObject *p)
{
    JSShapeProperty *prs;
    int i, n = 0;

    if (!p || p->class_id == JS_CLASS_ARRAY || is_typed_array(p->class_id))
        return false;
    prs = get_shape_prop(p->shape);
    if (p->fast_array)
        n = p->u.array.count > 2 ? 3 : p->u.array.count;
    for (i = 0; i < p->shape->prop_count && n <= 2; i++)
        n += prs[i].atom != JS_ATOM_NULL && (prs[i].flags & JS_PROP_ENUMERABLE) != 0;
    return n > 2;
}

static int qjs_table_cell(QJSTable *t, int row, int column, JSValueConst v)
{
    QJSInspectOptions opt = t->s.opt;
    JSObject *p = qjs_inspect_target(qjs_object_of(v));

    if (qjs_table_begin(t, row, column))
        return -1;
    opt.depth = !JS_IsFunction(t->s.ctx, v) && qjs_table_is_wide(p) ? QJS_INSPECT_NAME_ONLY : 0;
    if (qjs_format_inspect(&t->s, v, &opt))
        return -1;
    qjs_table_end(t);
    return 0;
}

/* A cell for a property of p; accessors are shown as such. */
static int qjs_table_slot_cell(QJSTable *t, int row, int column, const QJSSlot *slot)
{
    if (slot->kind != QJS_SLOT_ACCESSOR)
        return qjs_table_cell(t, row, column, slot->value);
    if (qjs_table_begin(t, row, column))
        return -1;
    qjs_style_put(&t->s, QJS_STYLE_SPECIAL, slot->has_get ? "[Getter]" : "[Setter]");
    qjs_table_end(t);
    return 0;
}

static int qjs_table_key_cell(QJSTable *t, int row, JSAtom key)
{
    if (qjs_table_begin(t, row, 0) || qjs_inspect_put_free(&t->s, JS_AtomToString(t->s.ctx, key)))
        return -1;
    qjs_table_end(t);
    return 0;
}

static bool qjs_table_is_full(QJSTable *t, int row)
{
    if (row < QJS_TABLE_ROWS_MAX && t->cell_count < QJS_TABLE_CELLS_MAX && !t->s.truncated)
        return false;
    t->cut = true;
    return true;
}

/* Rows of a Map, a Set or one of their iterators.
   own: none  borrow: state  raises: yes  runs-js: no */
static int qjs_table_records(QJSTable *t, JSMapState *state, struct list_head *el, bool is_set, JSIteratorKindEnum kind)
{
    bool pairs = kind == JS_ITERATOR_KIND_KEY_AND_VALUE;
    int row;

    if (qjs_table_add_column(t, JS_ATOM_NULL, "(iteration index)") < 0 ||
        (pairs && qjs_table_add_column(t, JS_ATOM_NULL, "Key") < 0) ||
        qjs_table_add_column(t, JS_ATOM_NULL, "Values") < 0)
        return -1;
    for (row = 0; el != &state->records && !qjs_table_is_full(t, row); el = el->next) {
        JSMapRecord *mr = list_entry(el, JSMapRecord, link);
        JSValueConst value = is_set ? mr->key : mr->value;
        if (qjs_inspect_check(&t->s))
            return -1;
        if (mr->empty)
            continue;
        if (qjs_table_cell(t, row, 0, js_int32(row)) || (pairs && qjs_table_cell(t, row, 1, mr->key)) ||
            qjs_table_cell(t, row, 1 + pairs, kind == JS_ITERATOR_KIND_KEY ? mr->key : value))
            return -1;
        row++;
    }
    t->rows = row;
    return 0;
}

/* One row from the properties of an item, or from those that the filter names.
   own: none  borrow: item, filter  raises: yes  runs-js: no */
static int qjs_table_row(QJSTable *t, int row, JSObject *item, const QJSKeys *filter)
{
    QJSKeys own = { 0 };
    const QJSKeys *keys = filter;
    int ret = -1;

    if (!filter) {
        if (qjs_keys_collect(&t->s, item, QJS_KEYS_NO_SYMBOL, &own))
            goto done;
        keys = &own;
    }
    for (int i = 0; i < keys->count && !qjs_table_is_full(t, row); i++) {
        QJSSlot slot = { .value = JS_UNDEFINED };
        int column = qjs_table_column(t, keys->tab[i].atom, i + 1), failed = 0;
        if (column < 0)
            goto done;
        if (column == t->column_count)
            break;
        if (item && qjs_slot_read(t->s.ctx, item, keys->tab[i].atom, &slot))
            goto done;
        if (slot.kind != QJS_SLOT_NONE)
            failed = qjs_table_slot_cell(t, row, column, &slot);
        qjs_slot_free(t->s.ctx, &slot);
        if (failed || qjs_inspect_check(&t->s))
            goto done;
    }
    ret = 0;
done:
    qjs_keys_free(&t->s, &own);
    return ret;
}

/* Rows of any other object. The column for primitives comes last, so its cells wait with column -1.
   own: none  borrow: p, filter  raises: yes  runs-js: no */
static int qjs_table_rows(QJSTable *t, JSObject *p, const QJSKeys *filter)
{
    QJSKeys keys;
    bool primitives = false;
    int i, column, ret = -1;

    if (qjs_keys_collect(&t->s, p, QJS_KEYS_NO_SYMBOL, &keys) || qjs_table_add_column(t, JS_ATOM_NULL, "(index)") < 0)
        goto done;
    for (i = 0; i < keys.count && !qjs_table_is_full(t, i); i++) {
        QJSSlot slot;
        int failed;
        if (qjs_table_key_cell(t, i, keys.tab[i].atom) || qjs_slot_read(t->s.ctx, p, keys.tab[i].atom, &slot))
            goto done;
        if (filter || JS_IsObject(slot.value)) {
            JSObject *item = qjs_inspect_target(qjs_object_of(slot.value));
            failed = filter || item ? qjs_table_row(t, i, item, filter) : 0;
        } else {
            primitives = true;
            failed = qjs_table_slot_cell(t, i, -1, &slot);
        }
        qjs_slot_free(t->s.ctx, &slot);
        if (failed)
            goto done;
    }
    t->rows = i;
    ret = 0;
    if (primitives) {
        column = qjs_table_add_column(t, JS_ATOM_NULL, "Values");
        for (i = 0; i < t->cell_count; i++) {
            if (t->cells[i].column < 0)
                t->cells[i].column = column;
        }
        ret = column < 0 ? -1 : 0;
    }
done:
    qjs_keys_free(&t->s, &keys);
    return ret;
}
