// attack: runs on when its fuel is spent
// expect: fuel
// limits: fuel=1000000
for (;;) try { for (;;); } finally { for (;;); }
