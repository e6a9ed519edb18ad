// attack: a module that waits for its own evaluation
// expect: unsettled
// run: module
await import('a');
// module: a
await import('a');
