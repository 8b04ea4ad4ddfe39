// Package rehearse runs flows without a switch: a scenario says what the caller
// does and what is answered, the production step machine of package flow does
// the rest on a clock of its own. The same scenario gives the same transcript.
package rehearse
