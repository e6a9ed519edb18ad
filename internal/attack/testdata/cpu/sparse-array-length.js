// attack: a slow array whose length falls by one each time, far below its end
// expect: interrupted
const a = [1]; a[2 ** 32 - 2] = 1; for (let n = 2 ** 32 - 3;; n--) a.length = n;
