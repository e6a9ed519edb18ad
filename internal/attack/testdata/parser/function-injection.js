// attack: parameters that close the function and open another
// expect: error SyntaxError
new Function('/*', '*/){'); new Function('a){ for(;;); }, function(', '');
