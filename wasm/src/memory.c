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
