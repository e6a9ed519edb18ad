// attack: a specifier of 30 MB goes into an error message
// expect: error Error
// expect: memory
// run: await
import('x'.repeat(2e7));
