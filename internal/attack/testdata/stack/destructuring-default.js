// attack: a default value that needs the default value
// expect: stack
(function f({ a = f({}) }) { })({});
