// attack: each module imports the next when it runs; the engine keeps them all
// expect: memory
// expect: unsettled
// after: memory
// limits: memory=8MiB
// run: await
import('m0');
// module: m*
await import('m$M');
