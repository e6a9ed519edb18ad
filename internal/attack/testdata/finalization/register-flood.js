// attack: registrations that are never collected
// expect: memory
// limits: memory=8MiB
{ const r = new FinalizationRegistry(() => { }), o = {}; for (;;) r.register(o, {}, {}); }
