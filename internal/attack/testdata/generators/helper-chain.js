// attack: a chain of ten thousand lazy iterators
// expect: stack
let i = [1].values(); for (let n = 0; n < 1e5; n++) i = i.take(1); [...i];
