// attack: more groups than a match can hold
// expect: error SyntaxError /too many captures/
new RegExp('()'.repeat(300));
