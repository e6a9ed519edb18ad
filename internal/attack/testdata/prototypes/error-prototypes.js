// attack: the engine's own errors inherit endless accessors
// expect: stack
for (const E of [Error, RangeError, InternalError]) for (const k of ['name', 'message', 'constructor', 'toString', 'cause']) Object.defineProperty(E.prototype, k, { get() { for (;;); } }); globalThis.RangeError = globalThis.Error = null;
(function f() { f(); })();
