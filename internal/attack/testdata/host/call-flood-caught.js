// attack: the host fails each time, and the script does not care
// expect: interrupted
for (;;) try { host.fail(); } catch { }
