/* Ticks: how the guest gives the host its turn, whatever it is doing.
 *
 * wasm/meter puts a tick on every jump back in a loop; the host grants some
 * thousands at a time. They are counted in a global of wasm, out of reach of
 * whatever may overwrite memory.
 */

int32_t QJS_WASM_GLOBAL qjs_ticks;
int32_t QJS_WASM_GLOBAL qjs_dispatch;
static int qjs_shielded; /* > 0 while an abort could only lose what is being said to the host */

/* The host takes its turn. It cannot unwind C code from here: when it wants that,
   the runtime is aborting, and each poll of the engine throws.
   own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_ticks_expired") void qjs_ticks_expired(void)
{
    int32_t granted = qjs_host_interrupt_poll(qjs_ticks);
    if (granted < 0) {
        granted = -granted;
        if (!qjs_shielded)
            qjs_rt->aborting = true;
    }
    qjs_ticks = granted;
}

/* Tell the host that an abort has left something to be freed. */
static void qjs_unfreed(void)
{
    qjs_io_block.unfreed = true;
}

/* Free what an abort has left, which ends it. For the host to call before anything
   else. own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_abort_settle") void qjs_abort_settle(void)
{
    qjs_shielded++;
    qjs_rt->aborting = false;
    js_free_unfreed(qjs_rt);
    qjs_io_block.unfreed = false;
    qjs_shielded--;
}

/* For exports that run scripts. An abort that came too late to be noticed is
   over: if its reason is not, the host will say so again.
   own: none  raises: no  runs-js: no */
static JSContext *qjs_enter(void)
{
    JSValue held = qjs_held_result;
    qjs_rt->aborting = false;
    if (unlikely(!JS_IsUndefined(held))) { /* the host has read it */
        qjs_held_result = JS_UNDEFINED;
        JS_FreeValue(qjs_ctx, held);
    }
    return qjs_ctx;
}

/* Bulk memory instructions take time in proportion to their size, and nothing
   interrupts one: meter makes them calls of these. */
#define QJS_PIECE 65536
#define QJS_PIECE_TICKS(n) ((n) >> 8) /* about what a loop moves in a tick's time */

/* memmove. own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_memory_copy") void qjs_memory_copy(uint8_t *to, const uint8_t *from, uint32_t n)
{
    if (to < from) {
        for (; n > QJS_PIECE; to += QJS_PIECE, from += QJS_PIECE, n -= QJS_PIECE) {
            qjs_ticks -= QJS_PIECE_TICKS(QJS_PIECE);
            __builtin_memmove(to, from, QJS_PIECE);
        }
    } else {
        for (; n > QJS_PIECE; n -= QJS_PIECE) {
            qjs_ticks -= QJS_PIECE_TICKS(QJS_PIECE);
            __builtin_memmove(to + n - QJS_PIECE, from + n - QJS_PIECE, QJS_PIECE);
        }
    }
    qjs_ticks -= QJS_PIECE_TICKS(n);
    __builtin_memmove(to, from, n);
}

/* memset. own: none  raises: no  runs-js: no */
QJS_EXPORT("qjs_memory_fill") void qjs_memory_fill(uint8_t *to, uint32_t byte, uint32_t n)
{
    for (; n > QJS_PIECE; to += QJS_PIECE, n -= QJS_PIECE) {
        qjs_ticks -= QJS_PIECE_TICKS(QJS_PIECE);
        __builtin_memset(to, byte, QJS_PIECE);
    }
    qjs_ticks -= QJS_PIECE_TICKS(n);
    __builtin_memset(to, byte, n);
}
