//go:build race

package attack

// raceDetector: it maps memory of its own, in proportion to what it watches.
const raceDetector = true
