// attack: a callback that is never called, so that no call of script code polls
// expect: interrupted
[].forEach.call({ length: 2 ** 53 - 1 }, () => { });
