// Package agree holds the simulation to what happens: short calls on a real
// Asterisk, and the same calls simulated.
package agree
