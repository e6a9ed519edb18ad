/* Buffers: where the bytes of ArrayBuffers and their views lie, for the host to read
 * and write in place. */

QJS_AT(JSObject, u.array.u.ptr, QJS_OBJECT_ELEMENTS);
QJS_AT(JSObject, u.array.count, QJS_OBJECT_COUNT);

/* The bytes that v shows, as a QJS_BUFFER_ status.
   own: none  borrow: v, ret  raises: no  runs-js: no */
static uint32_t qjs_buffer_span(JSValueConst v, const uint8_t **pdata, uint32_t *plen)
{
    JSArrayBuffer *b;
    JSTypedArray *ta;
    JSObject *p;

    *pdata = NULL;
    *plen = 0;
    if (!JS_IsObject(v))
        return QJS_BUFFER_NONE;
    p = JS_VALUE_GET_OBJ(v);
    if (p->class_id == JS_CLASS_ARRAY_BUFFER || p->class_id == JS_CLASS_SHARED_ARRAY_BUFFER) {
        b = p->u.array_buffer;
        if (b->detached)
            return QJS_BUFFER_GONE;
        *pdata = b->data;
        *plen = b->byte_length;
    } else if (is_typed_array(p->class_id)) {
        b = p->u.typed_array->buffer->u.array_buffer;
        if (typed_array_is_oob(p))
            return QJS_BUFFER_GONE;
        *pdata = p->u.array.u.ptr;
        *plen = p->u.array.count << typed_array_size_log2(p->class_id);
    } else if (p->class_id == JS_CLASS_DATAVIEW) {
        ta = p->u.typed_array;
        b = ta->buffer->u.array_buffer;
        if (b->detached || ta->offset > (uint32_t)b->byte_length)
            return QJS_BUFFER_GONE;
        *plen = ta->track_rab ? b->byte_length - ta->offset : ta->length;
        if (*plen > b->byte_length - ta->offset)
            return QJS_BUFFER_GONE;
        *pdata = b->data + ta->offset;
    } else {
        return QJS_BUFFER_NONE;
    }
    return b->immutable ? QJS_BUFFER_IMMUTABLE : QJS_BUFFER_OK;
}

/* Say where the bytes of the one cell are: address and length are the halves of the
   result, the auxiliary word the QJS_BUFFER_ status. They stay there until the next
   entry that runs JS. own: none  raises: no, describes  runs-js: no */
QJS_EXPORT("qjs_buffer_view") uint32_t qjs_buffer_view(void)
{
    JSContext *ctx = qjs_enter();
    JSValue *cells, small[1];
    const uint8_t *data;
    uint32_t len;

    cells = qjs_cells_read(ctx, 1, small, 1);
    if (!cells)
        return qjs_exception_take(ctx);
    qjs_io_block.result_aux = qjs_buffer_span(cells[0], &data, &len);
    qjs_io_block.result = (uint64_t)len << 32 | (uint32_t)(uintptr_t)data;
    qjs_cells_free(ctx, 1, cells, small);
    return QJS_STATUS_OK;
}

/* Make an ArrayBuffer of zeros. own: none  raises: no, describes  runs-js: no */
QJS_EXPORT("qjs_buffer_new") uint32_t qjs_buffer_new(uint32_t size)
{
    JSContext *ctx = qjs_enter();

    if (!qjs_require(ctx, QJS_INTRINSIC_TYPED_ARRAYS, "ArrayBuffer"))
        return qjs_exception_take(ctx);
    return qjs_return(ctx, js_array_buffer_constructor1(ctx, JS_UNDEFINED, size, NULL), QJS_MODE_VALUE);
}
