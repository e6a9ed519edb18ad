// attack: the host reads a property
// expect: interrupted
host.get({ get x() { for (;;); } }, 'x');
