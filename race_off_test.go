//go:build !race

package qjswasm_test

const raceDetector = false
