// attack: split asks a constructor for the splitter, which never matches and never ends
// expect: interrupted
const r = /a/; r.constructor = { [Symbol.species]: function () { return { exec: () => null }; } }; r[Symbol.split]({ toString: () => 'x'.repeat(1 << 25) });
