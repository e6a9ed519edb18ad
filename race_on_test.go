//go:build race

package qjswasm_test

// raceDetector: it makes everything ten times slower.
const raceDetector = true
