// attack: the same key again and again, and all different ones
// expect: interrupted
// expect: memory
for (;;) JSON.parse('{' + Array.from({ length: 1e5 }, (_, i) => `"a":1,"k${i}":0`).join() + '}');
