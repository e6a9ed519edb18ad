// attack: registrations that are never collected
// expect: interrupted
{ const r = new FinalizationRegistry(() => { }), o = {}; for (;;) r.register(o, {}, {}); }
