// attack: polynomial backtracking that no automaton avoids
// expect: interrupted
/^(a*)(a*)(a*)\1\2\3b$/.test('a'.repeat(400));
