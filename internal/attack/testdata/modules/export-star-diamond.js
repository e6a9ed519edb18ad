// attack: forty levels of two export stars: each name has 2^40 ways
// expect: error SyntaxError
// run: module
import { missing } from 'm0';
// module: m40
export const x = 1;
// module: m*
export * from 'm$M'; export * from 'm$M?';
// module: m1?
export * from 'm2';
