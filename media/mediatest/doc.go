// Package mediatest holds what every driver of a switch is measured with: the
// conformance suite (Exercise) that runs against a Bench, and Fake, a switch in
// memory for tests and simulations of everything above the port.
package mediatest
