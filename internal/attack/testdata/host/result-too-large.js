// attack: makes the host return more than the guest has memory for
// expect: memory
host.text(8e7);
