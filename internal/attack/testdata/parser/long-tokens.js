// attack: a name, a string, a comment and a number of megabytes each
// expect: interrupted
// expect: memory
for (;;) eval(`/*${'*'.repeat(3e6)}*/"${'\\x41'.repeat(5e5)}";${'0.' + '1'.repeat(3e5)};var ${'\\u{61}'.repeat(1e5)}`);
