// attack: an error whose every property is an endless accessor
// expect: error Error
const e = new Error; for (const k of ['name', 'message', 'stack', 'cause', 'toString']) Object.defineProperty(e, k, { get() { for (;;); } }); throw e;
