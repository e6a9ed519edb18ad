/* The guest, as one translation unit: the engine first, so that its static
 * functions and structures are in reach, then ours.
 *
 * Each function says what it owns and borrows, whether it raises (leaves a
 * pending exception) and whether it can run JS.
 */

/* The engine prints only in dumps and on internal inconsistencies. Without
   stdio the guest needs no file descriptors from its host. */
#include <stdio.h>
#include <stdlib.h>
#include <stdbool.h>
#include <stdint.h>
#define printf(...) ((void)0)
#define fprintf(...) ((void)0)
#define putchar(c) ((void)(c))
#define fwrite(...) ((size_t)0)
#define abort() __builtin_trap()

#define DIRECT_DISPATCH 0

struct JSRuntime;
struct JSObject;
static bool qjs_live_is_list(const struct JSObject *p);
static void qjs_unfreed(void);
static bool qjs_wake(uint32_t stamp);
static void qjs_reserve_open(struct JSRuntime *rt);
static void qjs_reserve_close(struct JSRuntime *rt);

#include "ticks.h"
#include "segment.h"
#include "quickjs.c"

#include "abi.h"

#define QJS_EXPORT(name) __attribute__((export_name(name)))
#define QJS_IMPORT(name) __attribute__((import_module("qjs"), import_name(name)))

/* What the host does for the guest; QJS_STATUS_ results unless stated. */
QJS_IMPORT("func_call") uint32_t qjs_host_call(uint64_t handle, JSValueConst this_val, uint32_t argc, uint32_t argv, uint32_t record);
QJS_IMPORT("live") uint32_t qjs_host_live(uint64_t handle, uint32_t op, JSValueConst key, JSValueConst value);
QJS_IMPORT("interrupt_poll") int32_t qjs_host_interrupt_poll(int32_t ticks); /* how many more; negative: and unwind */
QJS_IMPORT("segment_call") void qjs_host_segment_call(uint32_t run, uint32_t args);
QJS_IMPORT("summary") void qjs_host_summary(uint32_t words, uint32_t count);
QJS_IMPORT("wake") uint32_t qjs_host_wake(uint32_t stamp); /* is there what it stands for? */
QJS_IMPORT("console_write") uint32_t qjs_host_console(uint32_t level, uint32_t text, uint32_t len);
QJS_IMPORT("module_resolve") uint32_t qjs_host_module_resolve(uint32_t referrer, uint32_t referrer_len, uint32_t specifier, uint32_t specifier_len);
QJS_IMPORT("module_load") uint32_t qjs_host_module_load(uint32_t name, uint32_t name_len, uint32_t type);

static JSValue qjs_cell_read(JSContext *ctx, JSValue cell);
static JSValue qjs_host_outcome(JSContext *ctx, uint32_t status);
static JSValue qjs_module_evaluate(JSContext *ctx, JSValue obj);
static uint32_t qjs_return(JSContext *ctx, JSValue v, uint32_t mode);
static JSValue qjs_compile(JSContext *ctx, const char *code, size_t code_len, const char *name, uint32_t flags);

#include "libc.c"
#include "io.c"
#include "ticks.c"
#include "segment.c"
#include "intrinsics.c"
#include "memory.c"
#include "root.c"
#include "kind.c"
#include "record.c"
#include "callable.c"
#include "iterable.c"
#include "live.c"
#include "live_property.c"

/* own: none  raises: yes  runs-js: no */
static int qjs_host_console_write(JSContext *ctx, int level, const char *text, size_t len)
{
    JSValue v = qjs_host_outcome(ctx, qjs_host_console(level, (uint32_t)(uintptr_t)text, len));
    return JS_IsException(v) ? -1 : 0;
}

static bool qjs_console_enabled(int level)
{
    return qjs_io_block.console_levels >> level & 1;
}

static bool qjs_console_colors(int level)
{
    return qjs_io_block.console_levels >> (level + 8) & 1;
}

#include "format_width.c"
#include "format_text.c"
#include "inspect_state.c"
#include "inspect_read.c"
#include "inspect_name.c"
#include "inspect_layout.c"
#include "inspect_leaf.c"
#include "inspect_function.c"
#include "inspect_error.c"
#include "inspect_stack.c"
#include "inspect_list.c"
#include "inspect_view.c"
#include "inspect_object.c"
#include "inspect.c"
#include "console_json.c"
#include "console_format.c"
#include "console_state.c"
#include "console_table.c"
#include "console_grid.c"
#include "console_label.c"
#include "console_dir.c"
#include "console_tabulate.c"
#include "console.c"

typedef struct QJSReader QJSReader;
static JSValue qjs_tape_error(QJSReader *r);
static JSValue qjs_tape_live(QJSReader *r);

#include "block.c"
#include "tape_read.c"
#include "tape_read_shape.c"
#include "tape_read_container.c"
#include "tape_limit.c"
#include "tape_writer.c"
#include "tape_write_leaf.c"
#include "live_type.c"
#include "tape_write.c"
#include "tape_write_shape.c"
#include "tape_write_container.c"
#include "error_text.c"
#include "error_write.c"
#include "exception.c"
#include "export_table.c"
#include "export_container.c"
#include "export_prepare.c"
#include "module_list.c"
#include "module.c"
#include "call.c"
#include "iterate.c"
#include "buffer.c"
#include "weak.c"
#include "property.c"
#include "job.c"
#include "freeze.c"
#include "root_describe.c"
#include "summary.c"
#include "runtime.c"
