// attack: forty levels of two export stars: each name has 2^40 ways
// expect: error SyntaxError /missing/
// run: module
import { missing } from 'a0';
// module: a40
export const x = 1;
// module: b40
export const y = 1;
// module: a*
export * from 'a$M'; export * from 'b$M';
// module: b*
export * from 'b$M'; export * from 'a$M';
