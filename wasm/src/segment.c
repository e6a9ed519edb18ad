/* Segments: deep recursion continues on another native stack.
 *
 * A call of an export has a native stack that its engine grows by copying. While
 * the guest's stack is within one segment, so is the native one; then the host is
 * asked to call back, on a native stack of its own. The guest's stack, in linear
 * memory, is one and the same throughout.
 */

static void qjs_stack_deep(void)
{
    qjs_io_block.stack_deep = true;
}

static void qjs_segment_call(JSRuntime *rt, size_t size, void (*run)(void *args), void *args)
{
    uintptr_t mark = rt->stack_mark, room = js_get_stack_pointer() - rt->stack_limit;

    qjs_stack_deep();
    size += QJS_STACK_SEGMENT;
    rt->stack_mark = rt->stack_limit + (room > size ? room - size : 0);
    qjs_host_segment_call((uint32_t)(uintptr_t)run, (uint32_t)(uintptr_t)args);
    rt->stack_mark = mark;
}

/* What the host calls for qjs_segment_call, with what it was given.
   own: none  raises: if run does  runs-js: if run does */
QJS_EXPORT("qjs_segment_run") void qjs_segment_run(uint32_t run, uint32_t args)
{
    ((void (*)(void *))(uintptr_t)run)((void *)(uintptr_t)args);
}

/* The first segment begins where the stack does. */
static void qjs_segment_init(JSRuntime *rt)
{
    rt->stack_mark = rt->stack_limit;
    if (rt->stack_top - rt->stack_limit > QJS_STACK_SEGMENT)
        rt->stack_mark = rt->stack_top - QJS_STACK_SEGMENT;
}
