// attack: each module imports the next
// expect: stack
// expect: memory
// expect: interrupted
// run: module
import 'm0';
// module: m*
import 'm$M';
