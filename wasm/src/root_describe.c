/* A root in a few words, for people who look for leaks. */

#define QJS_DESCRIPTION_MAX 200 /* bytes */

/* The name of a root's value as the tape: what the inspector writes for an object that is nested too deep to be shown.
   It is empty if the root is not live or memory is short.
   own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_root_describe") uint32_t qjs_root_describe(uint32_t index, uint32_t generation)
{
    JSContext *ctx = qjs_enter();
    QJSInspectOptions opt = qjs_inspect_defaults;
    DynBuf *out = qjs_out_begin();
    JSValueConst v = qjs_root_get(ctx, index, generation);

    opt.depth = QJS_INSPECT_NAME_ONLY;
    opt.max_output_bytes = QJS_DESCRIPTION_MAX;
    if (JS_IsException(v) || qjs_inspect(ctx, out, v, &opt)) {
        JS_FreeValue(ctx, JS_GetException(ctx));
        out = qjs_out_begin();
    }
    qjs_out_end();
    return QJS_STATUS_OK;
}
