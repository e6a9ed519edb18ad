// attack: making the error's stack makes an error
// expect: stack
// expect: value undefined
Error.prepareStackTrace = () => new Error().stack; new Error().stack;
