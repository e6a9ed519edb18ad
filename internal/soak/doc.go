// Package soak is a simulated server: many runtimes that serve many requests,
// each of which registers Go functions, and what becomes of the process's memory
// meanwhile. It is a test of the library from outside, and no part of it.
package soak
