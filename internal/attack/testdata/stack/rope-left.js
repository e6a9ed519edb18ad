// attack: a string of a million pieces, nested to the left and to the right, is flattened
// expect: value 4000000
let s = ''; for (let i = 0; i < 1e6; i++) s = 'ab' + s + i % 10 + 'c'; s.replaceAll('d', ''); s.length;
