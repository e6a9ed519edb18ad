// attack: throws 1 MB of text
// expect: error thrown
throw 'x'.repeat(1e6);
