// attack: a module that waits forever
// expect: unsettled
// run: module
await new Promise(() => { });
