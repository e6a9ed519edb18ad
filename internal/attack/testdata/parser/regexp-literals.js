// attack: literals that must be compiled and are never used
// expect: interrupted
for (;;) new Function('/[\\p{L}\\p{N}]/iu;'.repeat(1000));
