/* Ticks, as every unit of the guest sees them; see ticks.c. */
#ifndef QJS_TICKS_H
#define QJS_TICKS_H

#include <stdbool.h>
#include <stdint.h>

/* A global of wasm is not a word of memory: nothing can overwrite it. */
#define QJS_WASM_GLOBAL volatile __attribute__((address_space(1)))

extern int32_t QJS_WASM_GLOBAL qjs_ticks; /* how many are left */
extern int32_t QJS_WASM_GLOBAL qjs_dispatch;
void qjs_ticks_expired(void);

/* Count n ticks. Are there none left? */
static inline bool qjs_tick(int32_t n)
{
    int32_t left = qjs_ticks - n;
    qjs_ticks = left;
    return left < 0;
}

/* Marks a bytecode interpreter's loop, which counts its jumps itself: wasm/meter
   leaves it alone and takes the mark away. */
#define QJS_DISPATCH() (qjs_dispatch = 0)

#endif
