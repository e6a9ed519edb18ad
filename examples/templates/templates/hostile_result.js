// Not a text but an object that keeps the server waiting when it becomes one.
(() => ({ toString() { for (;;); } }))
