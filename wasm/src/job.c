/* Promise jobs, promise states and unhandled rejections. */

#define QJS_REJECTIONS_MAX 64

static JSValue qjs_rejections[QJS_REJECTIONS_MAX]; /* rejected promises without handler */
static uint32_t qjs_rejection_count;

/* Only hosts that ask for rejections have them kept alive. */
static void qjs_rejection_track(JSContext *ctx, JSValueConst promise, JSValueConst reason,
                                bool is_handled, void *opaque)
{
    uint32_t i;
    if (!is_handled) {
        if (qjs_rejection_count < QJS_REJECTIONS_MAX)
            qjs_rejections[qjs_rejection_count++] = js_dup(promise);
        return;
    }
    for (i = 0; i < qjs_rejection_count; i++) {
        if (JS_VALUE_GET_PTR(qjs_rejections[i]) != JS_VALUE_GET_PTR(promise))
            continue;
        JS_FreeValue(ctx, qjs_rejections[i]);
        memmove(qjs_rejections + i, qjs_rejections + i + 1,
                (--qjs_rejection_count - i) * sizeof(*qjs_rejections));
        return;
    }
}

/* The reason of the oldest unhandled rejection, thrown; undefined if there is
   none. own: none  raises: no, describes  runs-js: no */
QJS_EXPORT("qjs_rejection_take") uint32_t qjs_rejection_take(void)
{
    JSContext *ctx = qjs_enter();
    JSValue promise;

    if (qjs_rejection_count == 0)
        return QJS_STATUS_UNDEFINED;
    promise = qjs_rejections[0];
    memmove(qjs_rejections, qjs_rejections + 1, --qjs_rejection_count * sizeof(*qjs_rejections));
    JS_Throw(ctx, JS_PromiseResult(ctx, promise));
    JS_FreeValue(ctx, promise);
    return qjs_exception_take(ctx);
}

/* Run at most max jobs. With a root, stop as soon as that promise is settled.
   The number of jobs run is in result_aux; the result is true when jobs are
   left. own: none  raises: no, describes  runs-js: yes */
QJS_EXPORT("qjs_job_run") uint32_t qjs_job_run(uint32_t max, uint32_t index, uint32_t generation)
{
    JSContext *ctx = qjs_enter(), *job_ctx;
    JSValue promise = JS_UNDEFINED;
    uint32_t n = 0;
    int ret = 0;

    if (generation != 0) {
        promise = js_dup(qjs_root_get(ctx, index, generation));
        if (JS_IsException(promise))
            return qjs_exception_take(ctx);
    }
    while (n < max && JS_IsJobPending(qjs_rt)) {
        if (JS_IsObject(promise) && JS_PromiseState(ctx, promise) != JS_PROMISE_PENDING)
            break;
        ret = JS_ExecutePendingJob(qjs_rt, &job_ctx);
        n++;
        if (ret < 0 || qjs_rt->aborting)
            break;
    }
    JS_FreeValue(ctx, promise);
    qjs_io_block.result_aux = n;
    if (ret < 0 || qjs_rt->aborting)
        return qjs_exception_take(ctx);
    qjs_io_block.result = js_bool(JS_IsJobPending(qjs_rt));
    return QJS_STATUS_OK;
}

/* What the promise in a root came to: its value, its reason thrown, or
   QJS_STATUS_ABORT while it is pending. Anything else is its own value.
   own: none  raises: no, describes  runs-js: no */
QJS_EXPORT("qjs_promise_result") uint32_t qjs_promise_result(uint32_t index, uint32_t generation, uint32_t mode)
{
    JSContext *ctx = qjs_enter();
    JSValueConst promise = qjs_root_get(ctx, index, generation);

    if (JS_IsException(promise))
        return qjs_exception_take(ctx);
    switch (JS_PromiseState(ctx, promise)) {
    case JS_PROMISE_PENDING:
        return QJS_STATUS_ABORT;
    case JS_PROMISE_FULFILLED:
        return qjs_return(ctx, JS_PromiseResult(ctx, promise), mode);
    case JS_PROMISE_REJECTED:
        JS_PromiseMarkAsHandled(ctx, promise);
        qjs_rejection_track(ctx, promise, JS_UNDEFINED, true, NULL);
        JS_Throw(ctx, JS_PromiseResult(ctx, promise));
        return qjs_exception_take(ctx);
    default:
        return qjs_return(ctx, js_dup(promise), mode);
    }
}

/* A promise and its two resolving functions, as an array of three.
   own: none  raises: no, describes  runs-js: no */
QJS_EXPORT("qjs_promise_new") uint32_t qjs_promise_new(void)
{
    JSContext *ctx = qjs_enter();
    JSValue v[3], arr;

    if (!qjs_require(ctx, QJS_INTRINSIC_PROMISE, "Promise"))
        return qjs_exception_take(ctx);
    v[0] = JS_NewPromiseCapability(ctx, v + 1);
    if (JS_IsException(v[0]))
        return qjs_exception_take(ctx);
    arr = js_create_array(ctx, 3, vc(v));
    JS_FreeValue(ctx, v[0]);
    JS_FreeValue(ctx, v[1]);
    JS_FreeValue(ctx, v[2]);
    return qjs_return(ctx, arr, QJS_MODE_VALUE);
}
