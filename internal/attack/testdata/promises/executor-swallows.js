// attack: an executor's exception becomes a rejection: the interruption too?
// expect: interrupted
for (;;) new Promise(() => { for (;;); });
