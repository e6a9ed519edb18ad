// attack: matches that never move on
// expect: interrupted
// expect: memory
const r = /a/g; r.exec = () => ({ index: 0, length: 1, 0: 'a' }); 'a'.replace(r, '');
