// attack: a module that never finishes, imported by a module that waits
// expect: interrupted
// run: module
await import('a');
// module: a
for (;;) try { for (;;); } catch { }
