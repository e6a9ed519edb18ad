/* Segments of the native stack, as the engine sees them; see segment.c. */
#ifndef QJS_SEGMENT_H
#define QJS_SEGMENT_H

#include <stddef.h>

struct JSRuntime;

/* Call run(args) on another native stack, for a caller that is going to take size bytes of the guest's stack at once.
   runs-js: if run does */
static void qjs_segment_call(struct JSRuntime *rt, size_t size, void (*run)(void *args), void *args);

/* Note for the host that the stack went beyond a segment. */
static void qjs_stack_deep(void);

#endif
