// attack: looks for duplicates of each name among all
// expect: interrupted
for (;;) try { new RegExp(Array.from({ length: 250 }, (_, i) => `(?<g${'x'.repeat(100)}${i}>a)`).join('|')); } catch { }
