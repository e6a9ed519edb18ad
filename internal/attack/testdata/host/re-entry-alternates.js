// attack: callbacks that enter and leave, thousands of times
// expect: interrupted
for (const f = x => host.any({ f: x });;) host.call(f, f);
