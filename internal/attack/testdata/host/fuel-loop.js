// attack: runs on when its fuel is spent
// expect: fuel
// after: fuel
// limits: fuel=1000000
for (;;) try { for (;;); } finally { for (;;); }
