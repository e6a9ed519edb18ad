console.info('info'); console.debug('debug %s', 'x'); console.dirxml({ a: 1 }, [2]);
console.group('G1'); console.log('in\nside'); console.group(); console.log({ a: 1, b: { c: 'x'.repeat(40), d: 'y'.repeat(40) } }); console.groupEnd(); console.groupCollapsed('C', 1); console.info('deep'); console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log('out');
console.count(); console.count(); console.count('x'); console.count('default'); console.countReset(); console.count(); console.count(undefined); console.count(null); console.count(5); console.group('g'); console.count('in'); console.groupEnd();
console.assert(true, 'not shown'); console.log(typeof console.assert(true)); console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
const { log } = console; log('detached'); [1, 2].forEach(console.log);
console.log(Object.keys(console).includes('log'), console.log.name, console.log.length, console[Symbol.toStringTag], Object.prototype.toString.call(console));
console.log(['log', 'info', 'debug', 'warn', 'error', 'trace', 'assert', 'dir', 'dirxml', 'table', 'group', 'groupCollapsed', 'groupEnd', 'count', 'countReset', 'time', 'timeLog', 'timeEnd', 'clear'].map((n) => [console[n].name, console[n].length].join()).join(' '));
const d = Object.getOwnPropertyDescriptor(globalThis, 'console'); console.log(d.writable, d.enumerable, d.configurable); const l = Object.getOwnPropertyDescriptor(console, 'log'); console.log(l.writable, l.enumerable, l.configurable);
try { console.count(Symbol('x')); } catch (e) { console.log(e instanceof TypeError); } try { new console.log(); } catch (e) { console.log(e instanceof TypeError); }
console.log(console.log('x'), console.group(), console.groupEnd()); console.group(1, { a: 1 }, 'z'); console.log('indented'); console.dir({ x: 1 }); console.table([[1]]); console.groupEnd();
