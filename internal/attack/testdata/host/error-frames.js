// attack: a stack text with a million lines for Go to parse
// expect: error Error /frames/
const e = new Error('frames'); e.stack = '    at f (file.js:1:1)\n'.repeat(2e5); throw e;
