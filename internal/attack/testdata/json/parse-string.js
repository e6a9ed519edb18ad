// attack: a string of escapes
// expect: interrupted
for (const s = '"' + '\\u20ac\\n'.repeat(5e5) + '"';;) JSON.parse(s);
