/* Text: JS strings to UTF-8, quoting, and the three lengths that layout needs (UTF-16 units, columns, bytes). */

/* Reads a string, rope or not, unit by unit without flattening it: flattening a huge rope only to show its head would
   cost memory that the guest may not have. */
typedef struct QJSUnits {
    JSStringRopeIter it;
    JSString *cur;
    uint32_t pos;
} QJSUnits;

static void qjs_units_init(QJSUnits *u, JSValueConst str)
{
    string_rope_iter_init(&u->it, str);
    u->cur = string_rope_iter_next(&u->it);
    u->pos = 0;
}

/* Returns the next UTF-16 unit, -1 at the end. */
static int qjs_units_next(QJSUnits *u)
{
    while (u->cur) {
        if (u->pos < u->cur->len)
            return string_get(u->cur, u->pos++);
        u->cur = string_rope_iter_next(&u->it);
        u->pos = 0;
    }
    return -1;
}

static void qjs_text_put_code(DynBuf *out, uint32_t c)
{
    uint8_t buf[UTF8_CHAR_LEN_MAX];

    if (c < 0x80)
        dbuf_putc(out, c);
    else
        dbuf_put(out, buf, utf8_encode(buf, c));
}

/* Polls; on an interrupt `out` is marked as failed. */
static bool qjs_text_check(JSContext *ctx, DynBuf *out)
{
    if (js_poll_interrupts(ctx))
        dbuf_set_error(out);
    return out->error;
}

/* Appends str as UTF-8, lone surrogates as U+FFFD, and stops once `out` holds more than `limit` bytes.
   own: none  borrow: str  raises: yes (through out->error)  runs-js: no */
static void qjs_text_put_string(JSContext *ctx, DynBuf *out, JSValueConst str, size_t limit)
{
    QJSUnits u;
    int c, next;

    qjs_units_init(&u, str);
    c = qjs_units_next(&u);
    while (c >= 0 && out->size <= limit && !qjs_text_check(ctx, out)) {
        next = qjs_units_next(&u);
        if (is_hi_surrogate(c) && next >= 0 && is_lo_surrogate(next)) {
            c = from_surrogate(c, next);
            next = qjs_units_next(&u);
        } else if (is_surrogate(c)) {
            c = 0xfffd;
        }
        qjs_text_put_code(out, c);
        c = next;
    }
}

/* Copies at most `max` units of str. The caller frees the result.
   own: ret  borrow: str  raises: yes  runs-js: no */
static uint16_t *qjs_text_load(JSContext *ctx, JSValueConst str, uint32_t max, uint32_t *count)
{
    QJSUnits u;
    uint32_t i, n = min_uint32(string_rope_get_len(str), max);
    uint16_t *buf = js_malloc(ctx, (n + 1) * sizeof(*buf));

    if (!buf)
        return NULL;
    qjs_units_init(&u, str);
    for (i = 0; i < n; i++)
        buf[i] = qjs_units_next(&u);
    *count = n;
    return buf;
}

/* Writes units as UTF-8, lone surrogates as U+FFFD. */
static void qjs_text_put_units(DynBuf *out, const uint16_t *s, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t c = s[i];
        if (is_hi_surrogate(c) && i + 1 < n && is_lo_surrogate(s[i + 1]))
            c = from_surrogate(c, s[++i]);
        else if (is_surrogate(c))
            c = 0xfffd;
        qjs_text_put_code(out, c);
    }
}

static bool qjs_text_has_pair(const uint16_t *s, uint32_t n, int c1, int c2)
{
    for (uint32_t i = 0; i < n; i++) {
        if (s[i] == c1 && (c2 < 0 || (i + 1 < n && s[i + 1] == c2)))
            return true;
    }
    return false;
}

/* Writes the units with control characters, backslash, `quote` and lone surrogates escaped; stops above the limit. */
static void qjs_text_put_escaped(JSContext *ctx, DynBuf *out, const uint16_t *s, uint32_t n, int quote, size_t limit)
{
    static const char letters[] = "btn\0fr"; /* for 8 to 13; 11 has no letter of its own */
    static const char hex[] = "0123456789ABCDEF";

    for (uint32_t i = 0; i < n && out->size <= limit && !qjs_text_check(ctx, out); i++) {
        int c = s[i];
        if (c >= 8 && c <= 13 && letters[c - 8]) {
            dbuf_putc(out, '\\');
            dbuf_putc(out, letters[c - 8]);
        } else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            const char seq[] = { '\\', 'x', hex[c >> 4], hex[c & 15] };
            dbuf_put(out, seq, sizeof(seq));
        } else if (c == '\\' || c == quote) {
            dbuf_putc(out, '\\');
            dbuf_putc(out, c);
        } else if (is_hi_surrogate(c) && i + 1 < n && is_lo_surrogate(s[i + 1])) {
            qjs_text_put_code(out, from_surrogate(c, s[++i]));
        } else if (is_surrogate(c)) {
            dbuf_printf(out, "\\u%04x", c);
        } else {
            qjs_text_put_code(out, c);
        }
    }
}

/* Quotes as Node does: ' unless the text has one, then ", then `, and ' with escapes when all three occur. */
static void qjs_text_put_quoted(JSContext *ctx, DynBuf *out, const uint16_t *s, uint32_t n, size_t limit)
{
    int quote = '\'';

    if (qjs_text_has_pair(s, n, '\'', -1)) {
        if (!qjs_text_has_pair(s, n, '"', -1))
            quote = '"';
        else if (!qjs_text_has_pair(s, n, '`', -1) && !qjs_text_has_pair(s, n, '$', '{'))
            quote = '`';
    }
    dbuf_putc(out, quote);
    qjs_text_put_escaped(ctx, out, s, n, quote == '\'' ? '\'' : -1, limit);
    dbuf_putc(out, quote);
}

/* Length of an ANSI colour sequence at p, 0 if there is none. */
static size_t qjs_text_ansi(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *q = p;

    if (end - p < 3 || p[0] != 0x1b || p[1] != '[')
        return 0;
    for (q += 2; q < end && (is_digit(*q) || *q == ';'); q++)
        continue;
    return q < end && *q == 'm' ? q + 1 - p : 0;
}

/* UTF-16 length of UTF-8 text; counting stops above `max`. */
static size_t qjs_text_units(const uint8_t *p, size_t len, bool skip_ansi, size_t max)
{
    const uint8_t *end = p + len;
    size_t n = 0, skip;

    while (p < end && n <= max) {
        if (skip_ansi && (skip = qjs_text_ansi(p, end)) != 0) {
            p += skip;
            continue;
        }
        if ((*p & 0xc0) != 0x80)
            n += 1 + (*p >= 0xf0);
        p++;
    }
    return n;
}

/* Columns that UTF-8 text takes in a terminal. */
static size_t qjs_text_columns(const uint8_t *p, size_t len, bool skip_ansi)
{
    const uint8_t *end = p + len;
    size_t n = 0, skip;

    while (p < end) {
        if (skip_ansi && (skip = qjs_text_ansi(p, end)) != 0)
            p += skip;
        else if (*p < 0x80)
            n += qjs_width_code(*p++);
        else
            n += qjs_width_code(utf8_decode(p, &p));
    }
    return n;
}
