// attack: a rope of a hundred thousand pieces on one side is flattened
// expect: value 200001
let s = 'x'; for (let i = 0; i < 1e5; i++) s += i % 10 + 'c'; s.replaceAll('d', ''); s.length;
