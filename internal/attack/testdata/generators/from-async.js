// attack: collects forever, asynchronously
// expect: interrupted
// expect: memory
// run: await
Array.fromAsync({ length: 2 ** 53 - 1 });
