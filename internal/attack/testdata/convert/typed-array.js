// attack: 60 MB of bytes leave the guest
// expect: value slice of 31457280
// expect: memory
// run: export
new Uint8Array(30 << 20);
