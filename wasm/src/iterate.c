/* JS iterables that the host ranges over. */

enum { QJS_ITERATION_ITERATOR, QJS_ITERATION_NEXT, QJS_ITERATION_ASYNC, QJS_ITERATION_SIZE };

/* Does the iterable want to be iterated over by promises?
   own: none  raises: yes  runs-js: yes */
static int qjs_iteration_is_async(JSContext *ctx, JSValueConst obj)
{
    JSValue method = JS_GetProperty(ctx, obj, JS_ATOM_Symbol_asyncIterator);
    int ret = JS_IsException(method) ? -1 : !JS_IsUndefined(method) && !JS_IsNull(method);
    JS_FreeValue(ctx, method);
    return ret;
}

/* Begin an iteration over the one cell: an array of the iterator, its next method
   and whether it is asynchronous, for the functions below.
   own: none  raises: no, describes  runs-js: yes */
QJS_EXPORT("qjs_iteration_new") uint32_t qjs_iteration_new(void)
{
    JSContext *ctx = qjs_enter();
    JSValue *cells, small[1], v[QJS_ITERATION_SIZE], ret = JS_EXCEPTION;
    int is_async;

    cells = qjs_cells_read(ctx, 1, small, 1);
    if (!cells)
        return qjs_exception_take(ctx);
    is_async = qjs_iteration_is_async(ctx, cells[0]);
    v[0] = is_async < 0 ? JS_EXCEPTION : JS_GetIterator(ctx, cells[0], is_async);
    JS_FreeValue(ctx, cells[0]);
    if (JS_IsException(v[0]))
        return qjs_exception_take(ctx);
    v[1] = JS_GetProperty(ctx, v[0], JS_ATOM_next);
    v[2] = js_bool(is_async);
    if (!JS_IsException(v[1]))
        ret = js_create_array(ctx, QJS_ITERATION_SIZE, vc(v));
    JS_FreeValue(ctx, v[0]);
    JS_FreeValue(ctx, v[1]);
    return qjs_return(ctx, ret, QJS_MODE_VALUE);
}

/* What qjs_iteration_new made; obj is to be freed.
   own: obj  raises: yes  runs-js: no */
static JSValue *qjs_iteration_get(JSContext *ctx, uint32_t index, uint32_t generation, JSValue *obj)
{
    JSObject *p;
    *obj = js_dup(qjs_root_get(ctx, index, generation));
    if (JS_IsException(*obj))
        return NULL;
    p = JS_IsObject(*obj) ? JS_VALUE_GET_OBJ(*obj) : NULL;
    if (p && p->class_id == JS_CLASS_ARRAY && p->fast_array && p->u.array.count == QJS_ITERATION_SIZE)
        return p->u.array.u.values;
    JS_FreeValue(ctx, *obj);
    JS_ThrowInternalError(ctx, "malformed request");
    return NULL;
}

/* Hand over what is to be awaited, if it can be.
   own: v  raises: no, describes  runs-js: yes, what makes v a promise */
static uint32_t qjs_iteration_pend(JSContext *ctx, JSValue v)
{
    uint32_t status;

    if (JS_IsObject(v)) { /* as for await does: it may be a thenable */
        JSValue promise = js_promise_resolve(ctx, ctx->promise_ctor, 1, vc(&v), 0);
        JS_FreeValue(ctx, v);
        v = promise;
    }
    status = qjs_return(ctx, v, QJS_MODE_VALUE);
    if (status == QJS_STATUS_OK && JS_VALUE_GET_TAG(qjs_io_block.result) == QJS_TAG_ROOT)
        return QJS_STATUS_PENDING;
    return status;
}

static uint32_t qjs_iteration_give(JSContext *ctx, JSValue v, bool done, uint32_t mode)
{
    if (done && !JS_IsException(v) && !ctx->rt->aborting) {
        JS_FreeValue(ctx, v);
        return QJS_STATUS_DONE;
    }
    return qjs_return(ctx, v, mode);
}

/* The next value, QJS_STATUS_DONE if there is none, or QJS_STATUS_PENDING with
   what is to be awaited and given to qjs_iteration_result.
   own: none  raises: no, describes  runs-js: yes */
QJS_EXPORT("qjs_iteration_next") uint32_t qjs_iteration_next(uint32_t index, uint32_t generation, uint32_t mode)
{
    JSContext *ctx = qjs_enter();
    JSValue obj, v, *it = qjs_iteration_get(ctx, index, generation, &obj);
    uint32_t status;
    int done;

    if (!it)
        return qjs_exception_take(ctx);
    if (JS_VALUE_GET_BOOL(it[QJS_ITERATION_ASYNC])) {
        v = JS_Call(ctx, it[QJS_ITERATION_NEXT], it[QJS_ITERATION_ITERATOR], 0, NULL);
        if (!JS_IsException(v) && !JS_IsObject(v)) {
            JS_FreeValue(ctx, v);
            v = JS_ThrowTypeError(ctx, "iterator must return an object");
        }
        status = qjs_iteration_pend(ctx, v);
    } else {
        v = JS_IteratorNext(ctx, it[QJS_ITERATION_ITERATOR], it[QJS_ITERATION_NEXT], 0, NULL, &done);
        status = qjs_iteration_give(ctx, v, done, mode);
    }
    JS_FreeValue(ctx, obj);
    return status;
}

/* The value in the one cell, the result object of an asynchronous iterator, or
   QJS_STATUS_DONE. own: none  raises: no, describes  runs-js: yes */
QJS_EXPORT("qjs_iteration_result") uint32_t qjs_iteration_result(uint32_t mode)
{
    JSContext *ctx = qjs_enter();
    JSValue *cells, small[1], v = JS_UNDEFINED;
    int done = false;

    cells = qjs_cells_read(ctx, 1, small, 1);
    if (!cells)
        return qjs_exception_take(ctx);
    if (!JS_IsObject(cells[0])) {
        v = JS_ThrowTypeError(ctx, "iterator must return an object");
    } else {
        v = JS_GetProperty(ctx, cells[0], JS_ATOM_done);
        if (!JS_IsException(v)) {
            done = JS_ToBoolFree(ctx, v);
            v = done ? JS_UNDEFINED : JS_GetProperty(ctx, cells[0], JS_ATOM_value);
        }
    }
    JS_FreeValue(ctx, cells[0]);
    return qjs_iteration_give(ctx, v, done, mode);
}

/* End an iteration early. QJS_STATUS_PENDING with what is to be awaited.
   own: none  raises: no, describes  runs-js: yes */
QJS_EXPORT("qjs_iteration_close") uint32_t qjs_iteration_close(uint32_t index, uint32_t generation)
{
    JSContext *ctx = qjs_enter();
    JSValue obj, v, method, *it = qjs_iteration_get(ctx, index, generation, &obj);
    uint32_t status;

    if (!it)
        return qjs_exception_take(ctx);
    v = method = JS_GetProperty(ctx, it[QJS_ITERATION_ITERATOR], JS_ATOM_return);
    if (JS_IsUndefined(method) || JS_IsNull(method))
        v = JS_UNDEFINED;
    else if (!JS_IsException(method))
        v = JS_CallFree(ctx, method, it[QJS_ITERATION_ITERATOR], 0, NULL);
    if (!JS_VALUE_GET_BOOL(it[QJS_ITERATION_ASYNC]) && !JS_IsException(v)) {
        JS_FreeValue(ctx, v);
        v = JS_UNDEFINED;
    }
    status = qjs_iteration_pend(ctx, v);
    JS_FreeValue(ctx, obj);
    return status;
}
