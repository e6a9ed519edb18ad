// attack: collects forever, asynchronously
// expect: interrupted
// run: await
Array.fromAsync({ async *[Symbol.asyncIterator]() { for (;;) yield* []; } });
