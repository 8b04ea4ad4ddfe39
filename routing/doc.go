// Package routing is the ACD: queues, agents, skills, tickets, rounds and
// offers, as one pure machine. Time is an argument, effects are values, and
// equal histories give equal effects (SPEC ACD-1, ACD-10, ACD-12, RUL-ANS-1).
package routing
