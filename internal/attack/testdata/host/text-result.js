// attack: the same: Text
// expect: interrupted
// run: text
({ toString: null, valueOf: null, [Symbol.toPrimitive]() { for (;;); } });
