// attack: the host asks for the JSON of an object that never stops
// expect: interrupted
// run: json
({ get a() { for (;;); } });
