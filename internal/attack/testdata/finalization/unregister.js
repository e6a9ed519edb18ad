// attack: unregistering looks through all registrations
// expect: interrupted
const r = new FinalizationRegistry(() => { }), o = {}; for (let i = 0; i < 1e5; i++) r.register(o, 0, {}); for (;;) r.unregister({});
