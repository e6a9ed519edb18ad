// attack: an argument list longer than the stack
// expect: error RangeError /too many arguments/
Math.max.apply(null, Array(1e6));
