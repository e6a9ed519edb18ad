// attack: makes a prototype its own
// expect: error TypeError /circular/
Object.prototype.__proto__ = Object.create(null, {}); Array.prototype.__proto__ = [];
