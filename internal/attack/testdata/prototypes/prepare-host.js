// attack: the hook calls the host while the host makes an error
// expect: value 2
Error.prepareStackTrace = () => { host.any({}); host.gc(); throw 1; }; let n = 0; for (const f of [host.fail, () => host.add(1)]) try { f(); } catch { n++; } n;
