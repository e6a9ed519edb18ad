// attack: almost matches everywhere
// expect: interrupted
('a'.repeat(1 << 24)).indexOf('a'.repeat(1 << 20) + 'b');
