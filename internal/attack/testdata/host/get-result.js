// attack: what the script returns answers the host's questions with loops: Get
// expect: interrupted
// run: get
({ get x() { for (;;); } });
