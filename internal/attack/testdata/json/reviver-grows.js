// attack: a reviver that adds to what is being revived
// expect: stack
// expect: memory
JSON.parse('[[]]', function (k, v) { if (Array.isArray(v)) v[0] = [[]]; else if (k === '0') return v; this[1] = [[1]]; return v; }); (function f() { JSON.parse('[1,2]', f); })();
