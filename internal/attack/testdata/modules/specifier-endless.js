// attack: a specifier that never becomes a string
// expect: interrupted
import({ toString() { for (;;); } }); 0;
