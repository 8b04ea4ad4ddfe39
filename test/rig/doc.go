// Package rig brings up a whole house for tests, the demo and the benchmarks:
// a real Asterisk, the built huawu beside it with a data folder of its own,
// and a client of its API.
package rig
