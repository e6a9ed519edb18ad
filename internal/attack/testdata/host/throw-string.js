// attack: throws 30 MB of text
// expect: error thrown
throw 'x'.repeat(3e7);
