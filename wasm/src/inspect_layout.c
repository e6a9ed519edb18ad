/* Layout: joining the entries of a composite value on one line, in columns or one per line. */

typedef struct QJSFrame {
    size_t base;  /* where the text in front of the opening brace starts */
    size_t brace; /* where the opening brace and its own prefix start */
    int first;    /* first entry in s->marks */
} QJSFrame;

static size_t qjs_layout_end(const QJSInspect *s, int i)
{
    return i + 1 < s->mark_count ? s->marks[i + 1] : s->text.size;
}

/* Where the entries of a frame start. */
static size_t qjs_layout_entries(const QJSInspect *s, const QJSFrame *f)
{
    return s->mark_count > f->first ? s->marks[f->first] : s->text.size;
}

/* 1 if the first `count` elements are all numbers, so that columns are aligned on the right.
   own: none  borrow: value  raises: yes  runs-js: no */
static int qjs_layout_all_numbers(QJSInspect *s, JSObject *value, int count)
{
    QJSSlot slot;
    bool numeric = true;

    for (int i = 0; value && numeric && i < count; i++) {
        if (qjs_slot_read(s->ctx, value, __JS_AtomFromUInt32(i), &slot))
            return -1;
        numeric = JS_IsNumber(slot.value) || JS_IsBigInt(slot.value);
        qjs_slot_free(s->ctx, &slot);
        if (qjs_inspect_check(s))
            return -1;
    }
    return numeric;
}

/* How many columns suit entries of these widths: about a square, a character being 2.5 times as high as wide. */
static int qjs_layout_columns(QJSInspect *s, size_t max_width, size_t total, int entries, int shown)
{
    double cell = max_width + 2, bias, columns;
    int room = s->opt.break_length - s->indent;

    if (cell * 3 + s->indent >= s->opt.break_length || !(total / cell > 5 || max_width <= 6))
        return 1;
    bias = cell - 3 - sqrt(cell - (double)total / entries);
    if (bias < 1)
        bias = 1;
    columns = floor(sqrt(2.5 * bias * shown) / bias + 0.5);
    if (columns > floor(room / cell))
        columns = floor(room / cell);
    if (columns > s->opt.compact * 4)
        columns = s->opt.compact * 4;
    return columns > 15 ? 15 : (int)columns;
}

/* Replaces the entries by rows of aligned columns, if they suit that.
   own: none  borrow: value  raises: yes  runs-js: no */
static int qjs_layout_group(QJSInspect *s, const QJSFrame *f, JSObject *value)
{
    int entries = s->mark_count - f->first, shown = entries, columns, i, j, rows = 0, pad_left;
    bool more = s->opt.max_array_length < (uint32_t)entries;
    size_t total = 0, widest = 0, line_width[15], start, len, blanks, bottom = s->marks[f->first];
    uint32_t *widths;

    if (more)
        shown--; /* the last entry is "... n more items" */
    widths = js_malloc(s->ctx, entries * sizeof(*widths));
    if (!widths)
        return -1;
    for (i = 0; i < shown; i++) {
        start = s->marks[f->first + i];
        len = qjs_layout_end(s, f->first + i) - start;
        widths[i] = qjs_text_columns(s->text.buf + start, len, s->opt.colors);
        total += widths[i] + 2;
        if (widest < widths[i])
            widest = widths[i];
        if (qjs_inspect_check(s))
            goto fail;
    }
    columns = qjs_layout_columns(s, widest, total, entries, shown);
    if (columns <= 1) {
        js_free(s->ctx, widths);
        return 0;
    }
    for (i = 0; i < columns; i++) {
        line_width[i] = 0;
        for (j = i; j < shown; j += columns) {
            if (line_width[i] < widths[j])
                line_width[i] = widths[j];
        }
    }
    pad_left = qjs_layout_all_numbers(s, value, entries);
    if (pad_left < 0)
        goto fail;
    s->scratch.size = 0;
    for (i = 0; i < entries; i++) {
        bool last = i == shown - 1 || i % columns == columns - 1;
        start = s->marks[f->first + i];
        len = qjs_layout_end(s, f->first + i) - start;
        blanks = i < shown ? line_width[i % columns] - widths[i] : 0;
        /* The rows' marks overwrite those of entries that were copied already. */
        if (i % columns == 0 || i == shown)
            s->marks[f->first + rows++] = bottom + s->scratch.size;
        if (pad_left)
            qjs_inspect_spaces(&s->scratch, blanks);
        dbuf_put(&s->scratch, s->text.buf + start, len);
        if (!last && i < shown) {
            dbuf_putstr(&s->scratch, ", ");
            if (!pad_left)
                qjs_inspect_spaces(&s->scratch, blanks);
        }
        if (qjs_inspect_check(s))
            goto fail;
    }
    s->text.size = bottom;
    dbuf_put(&s->text, s->scratch.buf, s->scratch.size);
    s->mark_count = f->first + rows;
    js_free(s->ctx, widths);
    return qjs_inspect_check(s);
fail:
    js_free(s->ctx, widths);
    return -1;
}

static bool qjs_layout_fits(QJSInspect *s, const QJSFrame *f, size_t ref_units)
{
    int i, n = s->mark_count - f->first;
    size_t max = s->opt.break_length, base_len = f->brace - f->base, total;

    total = n + s->indent + 10 + ref_units + n;
    total += qjs_text_units(s->text.buf + f->base, base_len, false, max);
    total += qjs_text_units(s->text.buf + f->brace, qjs_layout_entries(s, f) - f->brace, false, max);
    if (total + n > max || (base_len && memchr(s->text.buf + f->base, '\n', base_len)))
        return false;
    for (i = f->first; i < s->mark_count; i++) {
        size_t start = s->marks[i], len = qjs_layout_end(s, i) - start;
        total += qjs_text_units(s->text.buf + start, len, s->opt.colors, max);
        if (total > max || memchr(s->text.buf + start, '\n', len))
            return false;
    }
    return true;
}

/* Joins the entries of a frame with its prefix and `close`, and leaves the result in their place. `ref` is the number
   of a `<ref *n>` to put in front, 0 for none; `value` tells whether columns hold numbers only, NULL means they do.
   own: none  borrow: value  raises: yes  runs-js: no */
static int qjs_inspect_reduce(QJSInspect *s, const QJSFrame *f, const char *close, bool is_array, int depth, int ref,
                              JSObject *value)
{
    char label[64];
    int i, entries = s->mark_count - f->first, label_len = 0;
    bool one_line = false;
    size_t end, base_len = f->brace - f->base;

    if (ref)
        label_len = snprintf(label, sizeof(label), s->opt.colors ? "\x1b[36m<ref *%d>\x1b[39m" : "<ref *%d>", ref);
    if (s->opt.compact >= 1) {
        if (is_array && entries > 6 && qjs_layout_group(s, f, value))
            return -1;
        one_line = s->current_depth - depth < s->opt.compact && entries == s->mark_count - f->first &&
            qjs_layout_fits(s, f, label_len + (label_len && base_len));
    }
    end = qjs_layout_entries(s, f);
    s->scratch.size = 0;
    dbuf_put(&s->scratch, label, label_len);
    if (label_len)
        dbuf_putc(&s->scratch, ' ');
    dbuf_put(&s->scratch, s->text.buf + f->base, base_len);
    if (base_len)
        dbuf_putc(&s->scratch, ' ');
    dbuf_put(&s->scratch, s->text.buf + f->brace, end - f->brace);
    for (i = f->first; (i < s->mark_count || i == f->first) && s->scratch.size <= s->limit; i++) {
        if (i > f->first)
            dbuf_putc(&s->scratch, ',');
        if (one_line) {
            dbuf_putc(&s->scratch, ' ');
        } else {
            dbuf_putc(&s->scratch, '\n');
            qjs_inspect_spaces(&s->scratch, s->indent + 2);
        }
        if (i < s->mark_count)
            dbuf_put(&s->scratch, s->text.buf + s->marks[i], qjs_layout_end(s, i) - s->marks[i]);
    }
    dbuf_putc(&s->scratch, one_line ? ' ' : '\n');
    if (!one_line)
        qjs_inspect_spaces(&s->scratch, s->indent);
    dbuf_putstr(&s->scratch, close);
    s->mark_count = f->first;
    s->text.size = f->base;
    dbuf_put(&s->text, s->scratch.buf, s->scratch.size);
    return qjs_inspect_check(s);
}
