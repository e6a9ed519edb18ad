// attack: throws 10 MB of text
// expect: error thrown
throw 'x'.repeat(1e7);
