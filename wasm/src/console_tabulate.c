/* The method console.table: what becomes a row, and the filter of columns. */

/* Collects the keys named by console.table's second argument. The atoms are owned by the caller.
   own: filter->tab and its atoms  borrow: list  raises: yes  runs-js: no */
static int qjs_console_table_filter(JSContext *ctx, QJSInspect *s, JSValueConst list, QJSKeys *filter)
{
    JSObject *p = qjs_inspect_target(qjs_object_of(list));
    uint32_t length;

    memset(filter, 0, sizeof(*filter));
    if (!p || p->class_id != JS_CLASS_ARRAY) {
        JS_ThrowTypeError(ctx, "The \"properties\" argument must be an instance of Array");
        return -1;
    }
    length = min_uint32(qjs_list_array_length(p), QJS_TABLE_COLUMNS_MAX);
    for (uint32_t i = 0; i < length; i++) {
        QJSSlot slot;
        JSAtom atom = JS_ATOM_NULL;
        if (qjs_slot_read(ctx, p, __JS_AtomFromUInt32(i), &slot))
            return -1;
        if (!JS_IsObject(slot.value) && !JS_IsSymbol(slot.value))
            atom = JS_ValueToAtom(ctx, slot.value);
        qjs_slot_free(ctx, &slot);
        if (JS_HasException(ctx))
            return -1;
        if (atom != JS_ATOM_NULL && qjs_keys_find(filter, atom) < 0) {
            if (qjs_keys_add(s, filter, atom, 0)) {
                JS_FreeAtom(ctx, atom);
                return -1;
            }
        } else {
            JS_FreeAtom(ctx, atom);
        }
    }
    return 0;
}

/* Fills the table from its data.
   own: none  borrow: p, filter  raises: yes  runs-js: no */
static int qjs_console_table_fill(QJSTable *t, JSObject *p, const QJSKeys *filter)
{
    bool is_set = p->class_id == JS_CLASS_SET || p->class_id == JS_CLASS_SET_ITERATOR;
    JSMapIteratorData *it;
    JSObject *source;
    JSMapState *state;

    switch (p->class_id) {
    case JS_CLASS_MAP:
    case JS_CLASS_SET:
        state = p->u.map_state;
        return qjs_table_records(t, state, state->records.next, is_set,
                                 is_set ? JS_ITERATOR_KIND_VALUE : JS_ITERATOR_KIND_KEY_AND_VALUE);
    case JS_CLASS_MAP_ITERATOR:
    case JS_CLASS_SET_ITERATOR:
        it = p->u.map_iterator_data;
        source = it ? qjs_object_of(it->obj) : NULL;
        if (!source)
            return qjs_table_rows(t, p, filter);
        state = source->u.map_state;
        return qjs_table_records(t, state, it->cur_record ? it->cur_record->link.next : state->records.next, is_set,
                                 it->kind);
    default:
        return qjs_table_rows(t, p, filter);
    }
}

/* own: ret  borrow: argv  raises: yes  runs-js: no */
static JSValue qjs_console_table(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    JSObject *p = argc > 0 ? qjs_inspect_target(qjs_object_of(argv[0])) : NULL;
    bool filtered = argc > 1 && !JS_IsUndefined(argv[1]);
    QJSKeys filter = { 0 };
    QJSTable t;
    DynBuf text;
    int ret = -1;

    if (!qjs_console_enabled(QJS_CONSOLE_LOG))
        return JS_UNDEFINED;
    if (!filtered && (!p || JS_IsFunction(ctx, argv[0])))
        return qjs_console_print(ctx, QJS_CONSOLE_LOG, min_int(argc, 1), argv) ? JS_EXCEPTION : JS_UNDEFINED;
    js_dbuf_init(ctx, &text);
    qjs_table_init(&t, ctx);
    if (filtered && qjs_console_table_filter(ctx, &t.s, argv[1], &filter))
        goto done;
    if (!p || JS_IsFunction(ctx, argv[0]))
        ret = qjs_console_print(ctx, QJS_CONSOLE_LOG, 1, argv);
    else if (!qjs_console_table_fill(&t, p, filtered ? &filter : NULL) && !qjs_grid_draw(&t, &text))
        ret = qjs_console_emit(ctx, QJS_CONSOLE_LOG, &text);
done:
    for (int i = 0; i < filter.count; i++)
        JS_FreeAtom(ctx, filter.tab[i].atom);
    qjs_keys_free(&t.s, &filter);
    qjs_table_done(&t);
    dbuf_free(&text);
    return ret ? JS_EXCEPTION : JS_UNDEFINED;
}
