// attack: the next global that the host sets is an accessor of the script's
// expect: value undefined
// after: value 42
Object.defineProperty(globalThis, 'probe', { get() { for (;;); }, set() { for (;;); }, configurable: true }); undefined;
