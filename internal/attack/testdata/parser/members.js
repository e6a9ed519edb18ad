// attack: one expression of a million property reads, optional each
// expect: interrupted
// expect: value undefined
// expect: memory
eval('undefined' + '?.a'.repeat(2e5));
