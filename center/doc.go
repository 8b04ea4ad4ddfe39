// Package center is the whole centre as one pure machine: it routes each
// input to the machines of calls, flows and the ACD, orders their effects,
// and adopts what the switch still holds after an outage. One Center belongs
// to one tenant. It knows no goroutine, lock, log, clock or random source.
package center
