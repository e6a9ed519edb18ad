// attack: keeps all the functions that the host makes
// expect: memory
// limits: memory=16MiB
{ const a = []; for (;;) a.push(host.make()); }
