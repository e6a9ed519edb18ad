// Command qjswasm runs untrusted JavaScript in a sandbox: a script sees no
// files, no network and no environment, and stays within limits of time, memory
// and stack. "qjswasm --help" tells the rest.
package main

import "os"

func main() {
	os.Exit(doMain(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
