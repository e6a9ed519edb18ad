// attack: arrays that iterate forever, for a host that spreads and destructures
// expect: value 3
Array.prototype[Symbol.iterator] = function* () { for (;;) yield 1; }; Map.prototype[Symbol.iterator] = Set.prototype[Symbol.iterator] = Array.prototype[Symbol.iterator]; host.list([1, 2, 3]);
