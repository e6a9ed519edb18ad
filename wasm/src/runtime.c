/* The one runtime and context of a guest: creation, limits, statistics. */

/* Create the runtime, its context and the built-ins of the groups named. The
   result is the same for every guest with those groups, so that a host may copy
   the memory of one instead of calling this in the next.
   own: none  raises: no, returns 0  runs-js: no */
QJS_EXPORT("qjs_runtime_init") uint32_t qjs_runtime_init(uint32_t intrinsics)
{
    qjs_in_reset();
    qjs_kinds_init();
    qjs_held_result = JS_UNDEFINED;
    qjs_rt = JS_NewRuntime();
    if (!qjs_rt)
        return 0;
    qjs_ctx = JS_NewContext(qjs_rt);
    if (!qjs_ctx)
        return 0;
    js_dbuf_init(qjs_ctx, &qjs_out);
    qjs_roots_init();
    qjs_reserve = malloc(QJS_RESERVE_SIZE);
    JS_ThrowOutOfMemory(qjs_ctx);
    qjs_rt->spare_exception = JS_GetException(qjs_ctx);
    return qjs_module_init(qjs_ctx) == 0 &&
           qjs_callable_init(qjs_ctx) == 0 &&
           qjs_live_init(qjs_ctx) == 0 &&
           qjs_exception_init(qjs_ctx) == 0 &&
           qjs_console_init(qjs_ctx) == 0 &&
           qjs_intrinsics_init(qjs_ctx, intrinsics) == 0 &&
           qjs_iterable_init(qjs_ctx) == 0 &&
           qjs_freeze_init(qjs_ctx) == 0;
}

extern unsigned char __heap_base; /* set by the linker: stack and data end here */

/* What the engine may allocate of a memory of so many bytes. All that a guest has
   is in its linear memory, which the host does not let grow beyond memory_size:
   the stack, data, what the engine counts, what it does not (allocators' headers,
   empty arenas), this glue's tables and buffers. So that is a hard limit by
   construction, and this a soft one within it: the heap, less the reserve and what allocators lose to fragmentation. Were it more, malloc would
   fail before the engine's count does, in places that count on the reserve. */
static size_t qjs_heap_limit(uint32_t memory_size)
{
    uint32_t heap = memory_size - (uint32_t)(uintptr_t)&__heap_base;
    return heap - 2 * QJS_RESERVE_SIZE - heap / 16;
}

/* Set what is particular to one guest: the largest size of its memory in bytes,
   its stack, the seed of Math.random and hashing.
   own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_runtime_configure") void qjs_runtime_configure(uint32_t memory_size, uint32_t stack_size, uint64_t seed, uint32_t track_rejections)
{
    if (qjs_has(QJS_INTRINSIC_PERFORMANCE))
        JS_AddPerformance(qjs_ctx); /* its origin of time is that of this guest */
    JS_SetMemoryLimit(qjs_rt, qjs_heap_limit(memory_size));
    JS_SetMaxStackSize(qjs_rt, stack_size);
    qjs_segment_init(qjs_rt);
    qjs_ctx->random_state = seed ? seed : 1;
    qjs_ctx->hash_seed = xorshift64star(&qjs_ctx->random_state);
    JS_SetHostPromiseRejectionTracker(qjs_rt, track_rejections ? qjs_rejection_track : NULL, NULL);
}

/* Collect cycles. An abort leaves them, and ends here. own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_runtime_gc") void qjs_runtime_gc(void)
{
    qjs_rt->aborting = false;
    JS_FreeValue(qjs_ctx, qjs_held_result);
    qjs_held_result = JS_UNDEFINED;
    qjs_modules_unload(qjs_ctx);
    JS_RunGC(qjs_rt);
    qjs_rt->aborting = false;
}

/* Bytes the engine has allocated. own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_runtime_bytes") uint32_t qjs_runtime_bytes(void)
{
    return qjs_rt->malloc_state.malloc_size;
}

/* Objects, shapes, functions and contexts the collector knows; linear in their
   number. own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_runtime_objects") uint32_t qjs_runtime_objects(void)
{
    struct list_head *el;
    uint32_t n = 0;
    list_for_each(el, &qjs_rt->gc_obj_list) {
        JSGCObjectHeader *p = list_entry(el, JSGCObjectHeader, link);
        n += JS_GC_TYPE(p) == JS_GC_OBJ_TYPE_JS_OBJECT;
    }
    return n;
}
