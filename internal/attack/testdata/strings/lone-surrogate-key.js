// attack: names and values that are no valid UTF-8
// expect: value map of 1
// run: export
({ ['\ud800' + '\0'.repeat(100)]: '\udfff' });
