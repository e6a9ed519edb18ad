// attack: everything has a toJSON that never returns
// expect: interrupted
// run: json
Object.prototype.toJSON = () => { for (;;); }; ({ a: 1 });
