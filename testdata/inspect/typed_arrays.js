console.log(new Uint8Array(3), new Uint8Array(), new Float64Array([1.5, -0, NaN]), new BigInt64Array([1n, -2n]));
console.log(new Int8Array([-1, 2]), new Uint8ClampedArray([1]), new Int16Array(2), new Uint16Array(2), new Int32Array(1), new Uint32Array([4294967295]), new Float32Array([0.5]), new BigUint64Array(1));
console.log(new Uint8Array(120), new Uint16Array(30));
console.log(new ArrayBuffer(0), new ArrayBuffer(2), new Uint8Array([1, 2, 255]).buffer, new ArrayBuffer(105));
console.log(new SharedArrayBuffer(2), new DataView(new ArrayBuffer(4), 1, 2));
console.log([new ArrayBuffer(2)], { a: { b: { c: new ArrayBuffer(1), d: new Uint8Array(1), e: new DataView(new ArrayBuffer(1)) } } });
class U extends Uint8Array {} class AB extends ArrayBuffer {}
console.log(new U(2), new AB(1), Object.setPrototypeOf(new Uint8Array(2), null));
console.log(Object.assign(new Uint8Array(2), { extra: 1 }), Object.assign(new ArrayBuffer(1), { extra: 1 }));
const rab = new ArrayBuffer(4, { maxByteLength: 8 });
const track = new Uint8Array(rab), fixed = new Uint8Array(rab, 2, 2);
console.log(rab, track, fixed);
rab.resize(6); console.log(track, fixed);
rab.resize(3); console.log(track, fixed);
rab.resize(8); console.log(track, fixed);
const moved = new ArrayBuffer(4), view = new Uint8Array(moved);
structuredCloneOrTransfer(moved);
console.log(moved, view);
function structuredCloneOrTransfer(b) { b.transfer ? b.transfer() : structuredClone(b, { transfer: [b] }); }
