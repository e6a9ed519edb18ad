// attack: modules that import each other, and themselves
// expect: value [object Object]
// run: module
import * as a from 'a'; export { a };
// module: a
import * as b from 'b'; import * as a from 'a'; export { a, b };
// module: b
export * from 'a'; export * as b from 'b'; import 'a';
