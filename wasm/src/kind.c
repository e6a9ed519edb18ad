/* What kind of value this is, in terms of the public API. */

/* By class id; the host reads this table for the objects it meets in argument
   vectors. Classes that are not named are QJS_KIND_OTHER. */
static const uint8_t qjs_kinds[JS_CLASS_INIT_COUNT + 4] = {
    [0 ... JS_CLASS_INIT_COUNT + 3] = QJS_KIND_OTHER,
    [JS_CLASS_OBJECT] = QJS_KIND_OBJECT,
    [JS_CLASS_MODULE_NS] = QJS_KIND_OBJECT,
    [JS_CLASS_ARRAY] = QJS_KIND_ARRAY,
    [JS_CLASS_ERROR] = QJS_KIND_ERROR,
    [JS_CLASS_DOM_EXCEPTION] = QJS_KIND_ERROR,
    [JS_CLASS_NUMBER] = QJS_KIND_BOXED,
    [JS_CLASS_STRING] = QJS_KIND_BOXED,
    [JS_CLASS_BOOLEAN] = QJS_KIND_BOXED,
    [JS_CLASS_SYMBOL] = QJS_KIND_BOXED,
    [JS_CLASS_BIG_INT] = QJS_KIND_BOXED,
    [JS_CLASS_DATE] = QJS_KIND_DATE,
    [JS_CLASS_C_FUNCTION] = QJS_KIND_FUNCTION,
    [JS_CLASS_BYTECODE_FUNCTION] = QJS_KIND_FUNCTION,
    [JS_CLASS_BOUND_FUNCTION] = QJS_KIND_FUNCTION,
    [JS_CLASS_C_FUNCTION_DATA] = QJS_KIND_FUNCTION,
    [JS_CLASS_C_CLOSURE] = QJS_KIND_FUNCTION,
    [JS_CLASS_GENERATOR_FUNCTION] = QJS_KIND_FUNCTION,
    [JS_CLASS_ASYNC_FUNCTION] = QJS_KIND_FUNCTION,
    [JS_CLASS_ASYNC_FUNCTION_RESOLVE] = QJS_KIND_FUNCTION,
    [JS_CLASS_ASYNC_FUNCTION_REJECT] = QJS_KIND_FUNCTION,
    [JS_CLASS_ASYNC_GENERATOR_FUNCTION] = QJS_KIND_FUNCTION,
    [JS_CLASS_PROMISE_RESOLVE_FUNCTION] = QJS_KIND_FUNCTION,
    [JS_CLASS_PROMISE_REJECT_FUNCTION] = QJS_KIND_FUNCTION,
    [JS_CLASS_REGEXP] = QJS_KIND_REG_EXP,
    [JS_CLASS_ARRAY_BUFFER] = QJS_KIND_ARRAY_BUFFER,
    [JS_CLASS_SHARED_ARRAY_BUFFER] = QJS_KIND_ARRAY_BUFFER,
    [JS_CLASS_UINT8C_ARRAY ... JS_CLASS_FLOAT64_ARRAY] = QJS_KIND_TYPED_ARRAY,
    [JS_CLASS_MAP] = QJS_KIND_MAP,
    [JS_CLASS_SET] = QJS_KIND_SET,
    [JS_CLASS_PROXY] = QJS_KIND_PROXY,
    [JS_CLASS_PROMISE] = QJS_KIND_PROMISE,
    /* the classes made after the engine's own: see qjs_callable_init and qjs_live_init */
    [JS_CLASS_INIT_COUNT] = QJS_KIND_FUNCTION,
    [JS_CLASS_INIT_COUNT + 2 ... JS_CLASS_INIT_COUNT + 3] = QJS_KIND_LIVE,
};

QJS_AT(JSObject, class_id, QJS_OBJECT_CLASS_ID);
_Static_assert(JS_CLASS_UINT8C_ARRAY == QJS_CLASS_TYPED, "the class of typed arrays moved");

static void qjs_kinds_init(void)
{
    qjs_io_block.kinds_ptr = (uint32_t)(uintptr_t)qjs_kinds;
    qjs_io_block.kinds_len = sizeof(qjs_kinds);
}

static uint32_t qjs_value_kind(JSValueConst v)
{
    JSClassID id;
    switch (JS_VALUE_GET_NORM_TAG(v)) {
    case JS_TAG_NULL:
        return QJS_KIND_NULL;
    case JS_TAG_BOOL:
        return QJS_KIND_BOOL;
    case JS_TAG_INT:
    case JS_TAG_FLOAT64:
        return QJS_KIND_NUMBER;
    case JS_TAG_BIG_INT:
    case JS_TAG_SHORT_BIG_INT:
        return QJS_KIND_BIG_INT;
    case JS_TAG_STRING:
    case JS_TAG_STRING_ROPE:
        return QJS_KIND_STRING;
    case JS_TAG_SYMBOL:
        return QJS_KIND_SYMBOL;
    case JS_TAG_OBJECT:
        id = JS_VALUE_GET_OBJ(v)->class_id;
        return id < countof(qjs_kinds) ? qjs_kinds[id] : QJS_KIND_OTHER;
    }
    return QJS_KIND_UNDEFINED;
}
