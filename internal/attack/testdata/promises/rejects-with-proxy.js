// attack: a rejection whose reason answers every question with a loop
// expect: error thrown
// run: await
Promise.reject(new Proxy(function () { }, { get() { for (;;); }, getPrototypeOf() { for (;;); } }));
