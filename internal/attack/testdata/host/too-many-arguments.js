// attack: sixty thousand arguments, each an object
// expect: value 60000
host.count(...Array(60000).fill({ a: [1] }));
