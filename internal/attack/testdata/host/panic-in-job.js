// attack: the panic happens in a job that the script runs by way of the host
// expect: panic host panic
Promise.resolve().then(host.panic).catch(() => { }); try { host.jobs(); } catch { }
