// attack: a specifier of 30 MB goes into an error message
// expect: error TypeError /longer than/
// run: await
import('x'.repeat(2e7));
