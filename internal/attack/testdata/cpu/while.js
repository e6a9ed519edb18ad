// attack: a loop without a call, an allocation or an end
// expect: interrupted
while (true);
