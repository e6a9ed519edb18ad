// attack: one operation that lasts longer than the grace it is given
// expect: killed
// after: killed
// limits: memory=128MiB timeout=2ms grace=1ms
new Uint8Array(1.2e8);
