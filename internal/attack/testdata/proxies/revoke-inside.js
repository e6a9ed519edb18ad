// attack: revokes itself while its trap is being called
// expect: value TypeError
const { proxy, revoke } = Proxy.revocable({}, { get(t, k, r) { revoke(); return Reflect.get(r, k); }, has() { revoke(); } });
try { proxy.x; } catch (e) { e.name; }
