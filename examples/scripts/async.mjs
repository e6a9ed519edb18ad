// qjswasm run examples/scripts/async.mjs
//
// Promises, async generators and top-level await: jobs run until none is left.
const tick = () => new Promise((resolve) => queueMicrotask(resolve));

async function* countdown(from) {
    for (let n = from; n > 0; n--) {
        await tick();
        yield n;
    }
}

async function worker(name, from) {
    const seen = [];
    for await (const n of countdown(from)) seen.push(n);
    if (from > 3) throw new RangeError(`${name} is tired`);
    return `${name}: ${seen.join(" ")}`;
}

const results = await Promise.allSettled([worker("ann", 3), worker("bob", 2), worker("eve", 9)]);
for (const { status, value, reason } of results) console.log(status, value ?? reason.message);

Promise.resolve("done").then(console.log);
console.log("last statement");
