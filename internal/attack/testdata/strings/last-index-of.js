// attack: the same from the end
// expect: interrupted
('a'.repeat(1 << 23)).lastIndexOf('b' + 'a'.repeat(1 << 20));
