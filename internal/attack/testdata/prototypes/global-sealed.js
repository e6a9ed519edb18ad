// attack: nothing can be added to the global object any more
// expect: value undefined
// after: error TypeError
Object.preventExtensions(globalThis); undefined;
