/* Modules that no import can ask for are freed once they have been evaluated: what
 * is left of them is their functions and their namespace, if somebody has those.
 */

static struct {
    uint32_t count; /* unlisted modules */
    uint32_t next;  /* as many as to look through them again */
} qjs_unlisted;

static bool qjs_module_is_listed(JSContext *ctx, JSAtom name)
{
    struct list_head *el;

    list_for_each(el, &ctx->loaded_modules) {
        JSModuleDef *m = list_entry(el, JSModuleDef, link);
        if (m->module_name == name && !m->unlisted)
            return true;
    }
    return false;
}

/* The host is about to evaluate a module, or has had it compiled. The first one of
   a name is what imports find.
   own: none  raises: no  runs-js: no */
static void qjs_module_list(JSContext *ctx, JSModuleDef *m, bool importable)
{
    m->unlisted = true;
    if (importable && m->module_name != JS_ATOM__eval_ && !qjs_module_is_listed(ctx, m->module_name))
        m->unlisted = false;
    else
        qjs_unlisted.count++;
}

/* Does the code ask for import.meta, which is found by way of the module? */
static bool qjs_code_has_meta(JSContext *ctx, const JSFunctionBytecode *b)
{
    uint32_t pos;
    int i;

    if (js_check_stack_overflow(ctx->rt, 0))
        return true;
    for (pos = 0; pos < b->byte_code_len; pos += short_opcode_info(b->byte_code_buf[pos]).size) {
        if (b->byte_code_buf[pos] == OP_special_object &&
            b->byte_code_buf[pos + 1] == OP_SPECIAL_OBJECT_IMPORT_META)
            return true;
    }
    for (i = 0; i < b->cpool_count; i++) {
        if (JS_VALUE_GET_TAG(b->cpool[i]) == JS_TAG_FUNCTION_BYTECODE &&
            qjs_code_has_meta(ctx, JS_VALUE_GET_PTR(b->cpool[i])))
            return true;
    }
    return false;
}

/* Has the namespace a property that is made of another module when it is read? */
static bool qjs_namespace_is_lazy(JSObject *p)
{
    JSShapeProperty *prs = get_shape_prop(p->shape);
    int i;

    for (i = 0; i < p->shape->prop_count; i++, prs++) {
        if (prs->atom != JS_ATOM_NULL && (prs->flags & JS_PROP_TMASK) == JS_PROP_AUTOINIT)
            return true;
    }
    return false;
}

/* Can neither its code nor its namespace come back to it, or to what it imports? */
static bool qjs_module_is_free(JSContext *ctx, JSModuleDef *m)
{
    JSObject *func;

    if (JS_IsObject(m->module_ns) && qjs_namespace_is_lazy(JS_VALUE_GET_OBJ(m->module_ns)))
        return false;
    if (!JS_IsObject(m->func_obj))
        return false;
    func = JS_VALUE_GET_OBJ(m->func_obj);
    return js_class_has_bytecode(func->class_id) && !qjs_code_has_meta(ctx, func->u.func.function_bytecode);
}

/* Note which modules another one, or one that is being linked or evaluated, needs:
   of all at once, since there may be any number of them. */
static void qjs_modules_find_needed(JSContext *ctx)
{
    struct list_head *el;
    int i;

    list_for_each(el, &ctx->loaded_modules)
        list_entry(el, JSModuleDef, link)->needed = false;
    list_for_each(el, &ctx->loaded_modules) {
        JSModuleDef *m = list_entry(el, JSModuleDef, link);
        bool needed = m->needed; /* not by itself */
        if (m->cycle_root)
            m->cycle_root->needed = true;
        for (i = 0; i < m->req_module_entries_count; i++) {
            if (m->req_module_entries[i].module)
                m->req_module_entries[i].module->needed = true;
        }
        for (i = 0; i < m->async_parent_modules_count; i++)
            m->async_parent_modules[i]->needed = true;
        m->needed = needed;
    }
}

static bool qjs_module_is_over(JSContext *ctx, JSModuleDef *m)
{
    if (!m->unlisted || m->pinned || JS_REF_COUNT(m) > 1)
        return false;
    if (m->status == JS_MODULE_STATUS_EVALUATED) {
        m->pinned = !qjs_module_is_free(ctx, m);
        if (m->pinned)
            return false;
    } else if (m->status != JS_MODULE_STATUS_UNLINKED) {
        return false;
    }
    return !m->needed;
}

/* Free the unlisted modules that nobody needs; those being evaluated have another
   reference. own: none  raises: no  runs-js: no */
static void qjs_modules_unload(JSContext *ctx)
{
    struct list_head *el, *el1;

    if (qjs_unlisted.count == 0)
        return;
    qjs_unlisted.count = 0;
    qjs_modules_find_needed(ctx);
    list_for_each_safe(el, el1, &ctx->loaded_modules) {
        JSModuleDef *m = list_entry(el, JSModuleDef, link);
        if (qjs_module_is_over(ctx, m))
            js_free_module_def(ctx, m);
        else if (m->unlisted)
            qjs_unlisted.count++;
    }
    qjs_unlisted.next = 2 * qjs_unlisted.count + 16;
}

/* The same once there are so many that it is worth it. */
static void qjs_modules_tidy(JSContext *ctx)
{
    if (qjs_unlisted.count >= qjs_unlisted.next)
        qjs_modules_unload(ctx);
}
