console.log('raw \u00e9 \u4e2d \u{1f600}', ['quoted \u00e9 \u4e2d \u{1f600}']);
console.log(["it's", 'say "x"', `it's "x"`, 'it\'s "x" `y`', 'it\'s "x" ${y}', '`${}`']);
console.log(['\0\x01\b\t\n\v\f\r\x1b\x7f\x80\x9f\xa0', 'back\\slash']);
console.log(['\ud83d', '\ude00', 'a\ud83db', '\ude00\ud83d', '\u{1f600}']);
console.log('lone', { a: '' }, [''], ['a\nb']);
console.log(['x'.repeat(70)], ['line one of the text\nline two of the text\nline three of the text, which is long enough\n']);
console.log({ key: 'first line of a longer string value\nsecond line of a longer string value that is wrapped' });
console.log(['y'.repeat(10001)], ['z'.repeat(10002)].length);
console.log({ text: 'w'.repeat(10003) });
