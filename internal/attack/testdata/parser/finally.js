// attack: a return through many finally blocks, each of which is compiled into each way out
// expect: value 1
new Function('try{'.repeat(300) + 'return 1' + '}finally{2}'.repeat(300))();
