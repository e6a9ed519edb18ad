// attack: the host awaits what nobody will settle
// expect: unsettled
// run: await
new Promise(() => { });
