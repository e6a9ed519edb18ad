// attack: deletes every global and every method
// expect: value undefined
const { ownKeys, deleteProperty } = Reflect, all = [], global = globalThis;
for (const k of ownKeys(global)) for (const o of [global[k], global[k]?.prototype]) if (Object(o) === o && o !== global) for (const j of ownKeys(o)) all.push([o, j]);
for (const k of ownKeys(global)) all.push([global, k]);
for (let i = 0, n = all.length; i < n; i++) deleteProperty(all[i][0], all[i][1]);
undefined;
