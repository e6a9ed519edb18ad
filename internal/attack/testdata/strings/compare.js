// attack: two strings that differ in the last character
// expect: interrupted
for (const s = 'x'.repeat(1 << 24), a = s + 'a', b = s + 'b';;) a < b, a === b;
