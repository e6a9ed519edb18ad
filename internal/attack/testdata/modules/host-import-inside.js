// attack: the host imports a module that is being evaluated
// expect: error Error /cannot settle/
// run: module
// known: the module is evaluated again by the inner import, and the outer fails with undefined
import 'a';
// module: a
export const x = host.import('a');
await 0;
