// attack: the result is a constructor whose prototype is never found
// expect: interrupted
// run: new
new Proxy(class { }, { get() { for (;;); } });
