// qjswasm run examples/scripts/fizzbuzz.js
for (let n = 1; n <= 15; n++) {
    console.log((n % 3 ? "" : "Fizz") + (n % 5 ? "" : "Buzz") || n);
}
