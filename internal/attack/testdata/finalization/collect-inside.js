// attack: runs the host's collector from everywhere
// expect: value ok
const o = { get x() { host.gc(); return host.make(); }, toString() { host.gc(); return 's'; } }; o.x.y = o; [o, o].sort(); `${o}`; JSON.stringify(o); [3, 2, 1].sort((a, b) => (host.gc(), a - b)); 'ok';
