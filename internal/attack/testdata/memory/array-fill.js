// attack: an array that says its length first and fills it then
// expect: memory
new Array(1e8).fill(0);
