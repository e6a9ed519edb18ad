// attack: recursion through property reads
// expect: stack
({ get x() { return this.x; } }).x;
