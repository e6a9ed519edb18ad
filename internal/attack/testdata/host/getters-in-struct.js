// attack: a struct whose fields are accessors that never return
// expect: value 7
host.order({ total: 7, get id() { for (;;); }, get notes() { for (;;); } });
