// attack: deletes every global and every method
// expect: value undefined
for (const k of Reflect.ownKeys(globalThis)) { const o = globalThis[k]; if (o && o !== globalThis) for (const p of [o, o.prototype]) if (p) for (const j of [...Object.getOwnPropertyNames(p)]) try { delete p[j]; } catch { } } undefined;
