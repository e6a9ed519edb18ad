// attack: modules that do not parse: nothing of them may stay
// expect: interrupted
// run: await
(async () => { for (let i = 0;; i++) try { await import('bad' + i); } catch { } })();
// module: bad*
import 'bad$N'; export let a$N = ;
