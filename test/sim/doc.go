// Package sim runs the centre against the in-memory switch in virtual time:
// callers, agents, lost connections and deaths of the process come from a
// seed, and what must never happen is looked for after every step.
package sim
