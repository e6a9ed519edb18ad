// attack: the same: Len
// expect: interrupted
// run: len
({ length: { valueOf() { for (;;); } }, get length() { for (;;); } });
