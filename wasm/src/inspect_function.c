/* Functions and classes. */

/* True for a class constructor: every other constructor's bytecode lacks the check that it is called with `new`. */
static bool qjs_inspect_is_class(JSObject *p)
{
    JSFunctionBytecode *b;

    if (!js_class_has_bytecode(p->class_id) || !p->is_constructor)
        return false;
    b = p->u.func.function_bytecode;
    if (b->source)
        return b->source_len > 5 && !memcmp(b->source, "class", 5);
    return b->is_derived_class_constructor || (b->byte_code_len > 0 && b->byte_code_buf[0] == OP_check_ctor);
}

static int qjs_inspect_class(QJSInspect *s, JSObject *p, const QJSName *ctor, const QJSName *tag)
{
    JSProperty *pr;
    JSObject *parent = p->shape->proto;
    int named = 0;
    size_t start;

    qjs_inspect_put(s, "[class ");
    if (find_own_property(&pr, p, JS_ATOM_name))
        named = qjs_name_function(s, p, &s->text);
    if (named < 0)
        return -1;
    if (!named)
        qjs_inspect_put(s, "(anonymous)");
    if (!ctor->absent && !qjs_name_is(ctor, "Function")) {
        qjs_inspect_put(s, " [");
        qjs_name_put(s, ctor);
        qjs_inspect_put(s, "]");
    }
    if (tag->buf.size > 0 && !qjs_name_equal(tag, ctor)) {
        qjs_inspect_put(s, " [");
        qjs_name_put(s, tag);
        qjs_inspect_put(s, "]");
    }
    if (ctor->absent) {
        qjs_inspect_put(s, " extends [null prototype]");
    } else if (parent) {
        start = s->text.size;
        qjs_inspect_put(s, " extends ");
        named = qjs_name_function(s, parent, &s->text);
        if (named < 0)
            return -1;
        if (!named)
            s->text.size = start;
    }
    qjs_inspect_put(s, "]");
    return 0;
}

/* [Function: name], [class A extends B] and their kin.
   own: none  borrow: p  raises: yes  runs-js: no */
static int qjs_inspect_function(QJSInspect *s, JSObject *p, const QJSName *ctor, const QJSName *tag)
{
    const char *type;
    size_t start;
    int named;

    if (qjs_inspect_is_class(p))
        return qjs_inspect_class(s, p, ctor, tag);
    switch (p->class_id) {
    case JS_CLASS_GENERATOR_FUNCTION:
        type = "GeneratorFunction";
        break;
    case JS_CLASS_ASYNC_FUNCTION:
        type = "AsyncFunction";
        break;
    case JS_CLASS_ASYNC_GENERATOR_FUNCTION:
        type = "AsyncGeneratorFunction";
        break;
    default:
        type = "Function";
        break;
    }
    dbuf_printf(&s->text, ctor->absent ? "[%s (null prototype)" : "[%s", type);
    start = s->text.size;
    qjs_inspect_put(s, ": ");
    named = qjs_name_function(s, p, &s->text);
    if (named < 0)
        return -1;
    if (!named) {
        s->text.size = start;
        qjs_inspect_put(s, " (anonymous)");
    }
    qjs_inspect_put(s, "]");
    if (!ctor->absent && !qjs_name_is(ctor, type)) {
        qjs_inspect_put(s, " ");
        qjs_name_put(s, ctor);
    }
    if (tag->buf.size > 0 && !qjs_name_equal(tag, ctor)) {
        qjs_inspect_put(s, " [");
        qjs_name_put(s, tag);
        qjs_inspect_put(s, "]");
    }
    return 0;
}
