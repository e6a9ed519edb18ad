// attack: catches the host's error, wraps and throws it: it must still be the Go error
// expect: host
try { host.fail(); } catch (e) { throw new TypeError('mine', { cause: e }); }
