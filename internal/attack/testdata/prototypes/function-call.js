// attack: call, apply and bind of all functions are the script's
// expect: value 3
for (const k of ['call', 'apply', 'bind', 'toString', 'name', 'length']) Object.defineProperty(Function.prototype, k, { get() { for (;;); } }); host.call(host.add, 1, 2);
