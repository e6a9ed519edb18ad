// attack: the host imports a module that is being evaluated
// expect: unsettled
// run: module
import 'a';
// module: a
export const x = host.import('a');
await 0;
