// attack: the same from the end
// expect: interrupted
for (const s = 'a'.repeat(1 << 23), t = 'b' + 'a'.repeat(1 << 20);;) s.lastIndexOf(t);
