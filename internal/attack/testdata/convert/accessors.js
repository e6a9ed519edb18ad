// attack: accessors, Proxies and toJSON, none of which may run
// expect: value slice of 4
// run: export
const f = () => { for (;;); }; [{ get a() { f(); }, toJSON: f, valueOf: f }, new Proxy({}, { get: f, ownKeys: f }), Object.defineProperty([1, 2], 0, { get: f }), Object.create({ get b() { f(); } })];
