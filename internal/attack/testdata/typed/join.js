// attack: the text of ten million numbers
// expect: memory
// expect: interrupted
new Float64Array(1e7).fill(Math.PI).join();
