// attack: a document of millions of small objects
// expect: memory
JSON.parse('[' + '{"a":[]},'.repeat(2e6) + '0]');
