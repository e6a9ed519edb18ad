// attack: closes the runtime that it runs in
// expect: error Error /running/
host.close();
