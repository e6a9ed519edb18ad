/* The memory limit.
 *
 * The engine counts what it allocates against a soft limit. A small reserve
 * above it, and a block held back from malloc, let it build a real Error object
 * when the limit is reached; without them QuickJS throws the literal null.
 */

#define QJS_RESERVE_SIZE 65536

static void *qjs_reserve;
static uint32_t qjs_reserve_depth;

static void qjs_reserve_open(JSRuntime *rt)
{
    if (qjs_reserve_depth++ > 0)
        return;
    free(qjs_reserve);
    qjs_reserve = NULL;
    if (rt->malloc_state.malloc_limit)
        rt->malloc_state.malloc_limit += QJS_RESERVE_SIZE;
}

static void qjs_reserve_close(JSRuntime *rt)
{
    if (--qjs_reserve_depth > 0)
        return;
    if (rt->malloc_state.malloc_limit)
        rt->malloc_state.malloc_limit -= QJS_RESERVE_SIZE;
    qjs_reserve = malloc(QJS_RESERVE_SIZE);
}

/* The count may have room where memory, fragmented, has none: ask both. */
static bool qjs_memory_has(JSRuntime *rt, uint64_t size)
{
    JSMallocState *s = &rt->malloc_state;
    void *p;
    if (s->malloc_limit && s->malloc_size + size >= s->malloc_limit)
        return false;
    p = malloc(size);
    free(p);
    return p != NULL;
}

/* Is there room for so much, after a collection if need be? */
static bool qjs_memory_left(JSRuntime *rt, uint64_t size)
{
    if (qjs_memory_has(rt, size))
        return true;
    JS_RunGC(rt);
    return qjs_memory_has(rt, size);
}
