// attack: registrations that are never collected
// expect: memory
{ const r = new FinalizationRegistry(() => { }), o = {}; for (;;) r.register(o, {}, {}); }
