/* Drawing a table: column order, widths, box characters. */

/* Columns in the order of an object's keys: indices ascending, then the others as they came. The first column (row
   names) and titled ones keep their place. */
static int qjs_grid_compare(const void *a, const void *b, void *opaque)
{
    QJSTable *t = opaque;
    int x = *(const int *)a, y = *(const int *)b;
    uint32_t i = 0, j = 0;
    bool x_index = t->columns[x].key != JS_ATOM_NULL && JS_AtomIsArrayIndex(t->s.ctx, &i, t->columns[x].key);
    bool y_index = t->columns[y].key != JS_ATOM_NULL && JS_AtomIsArrayIndex(t->s.ctx, &j, t->columns[y].key);

    if (x == 0 || y == 0 || (!x_index && !y_index))
        return x - y;
    if (x_index != y_index)
        return x_index ? -1 : 1;
    return (i > j) - (i < j);
}

/* Writes the titles on the text stack and measures every column.
   own: none  borrow: none  raises: yes  runs-js: no */
static int qjs_grid_measure(QJSTable *t)
{
    QJSInspect *s = &t->s;

    for (int i = 0; i < t->column_count; i++) {
        QJSColumn *c = &t->columns[i];
        c->start = s->text.size;
        if (c->title)
            qjs_inspect_put(s, c->title);
        else if (qjs_inspect_put_free(s, JS_AtomToString(s->ctx, c->key)))
            return -1;
        c->len = s->text.size - c->start;
        c->width = qjs_text_columns(s->text.buf + c->start, c->len, true);
    }
    for (int i = 0; i < t->cell_count; i++) {
        QJSCell *cell = &t->cells[i];
        size_t width = qjs_text_columns(s->text.buf + cell->start, cell->len, true);
        if (t->columns[cell->column].width < width)
            t->columns[cell->column].width = width;
        if (qjs_inspect_check(s))
            return -1;
    }
    return qjs_inspect_check(s);
}

static void qjs_grid_line(QJSTable *t, const int *order, DynBuf *out, const char *left, const char *middle,
                          const char *right)
{
    dbuf_putstr(out, left);
    for (int i = 0; i < t->column_count; i++) {
        if (i > 0)
            dbuf_putstr(out, middle);
        for (size_t n = t->columns[order[i]].width + 2; n > 0 && out->size <= QJS_CONSOLE_WRITE_MAX; n--)
            dbuf_putstr(out, "─");
    }
    dbuf_putstr(out, right);
}

static int qjs_grid_field(QJSTable *t, DynBuf *out, int column, bool first, size_t start, size_t len)
{
    const uint8_t *text = t->s.text.buf + start;
    size_t width = len ? qjs_text_columns(text, len, true) : 0;

    dbuf_putstr(out, first ? "│ " : " │ ");
    if (len)
        dbuf_put(out, text, len);
    qjs_inspect_spaces(out, t->columns[column].width - width);
    return qjs_inspect_check(&t->s);
}

/* Draws all rows; the grid maps row and column to a cell + 1. */
static int qjs_grid_rows(QJSTable *t, const int *order, const int *grid, DynBuf *out)
{
    for (int row = 0; row < t->rows && out->size <= QJS_CONSOLE_WRITE_MAX; row++) {
        for (int i = 0; i < t->column_count; i++) {
            int at = grid[(size_t)row * t->column_count + order[i]];
            QJSCell none = { 0 }, *cell = at ? &t->cells[at - 1] : &none;
            if (out->size > QJS_CONSOLE_WRITE_MAX)
                break;
            if (qjs_grid_field(t, out, order[i], i == 0, cell->start, cell->len))
                return -1;
        }
        dbuf_putstr(out, " │\n");
    }
    return 0;
}

/* Appends the drawn table to out.
   own: none  borrow: none  raises: yes  runs-js: no */
static int qjs_grid_draw(QJSTable *t, DynBuf *out)
{
    JSContext *ctx = t->s.ctx;
    int *order, *grid, i, ret = -1;

    if (qjs_grid_measure(t))
        return -1;
    /* Rows are cut when the full grid would be out of proportion to the cells that exist. */
    if ((int64_t)t->rows * t->column_count > 4 * QJS_TABLE_CELLS_MAX) {
        t->rows = 4 * QJS_TABLE_CELLS_MAX / t->column_count;
        t->cut = true;
    }
    order = js_malloc(ctx, t->column_count * sizeof(*order));
    grid = js_mallocz(ctx, ((size_t)t->rows * t->column_count + 1) * sizeof(*grid));
    if (!order || !grid)
        goto done;
    for (i = 0; i < t->column_count; i++)
        order[i] = i;
    rqsort(order, t->column_count, sizeof(order[0]), qjs_grid_compare, t, &t->s.ctx->rt->aborting);
    for (i = 0; i < t->cell_count; i++) {
        if (t->cells[i].row < t->rows)
            grid[(size_t)t->cells[i].row * t->column_count + t->cells[i].column] = i + 1;
    }
    qjs_grid_line(t, order, out, "┌", "┬", "┐\n");
    for (i = 0; i < t->column_count && out->size <= QJS_CONSOLE_WRITE_MAX; i++) {
        QJSColumn *c = &t->columns[order[i]];
        if (qjs_grid_field(t, out, order[i], i == 0, c->start, c->len))
            goto done;
    }
    dbuf_putstr(out, " │\n");
    qjs_grid_line(t, order, out, "├", "┼", "┤\n");
    if (qjs_grid_rows(t, order, grid, out))
        goto done;
    qjs_grid_line(t, order, out, "└", "┴", "┘");
    if (t->cut)
        dbuf_putstr(out, "\n... truncated");
    ret = 0;
done:
    js_free(ctx, order);
    js_free(ctx, grid);
    return ret;
}
