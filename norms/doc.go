// Package norms keeps the service norms: the rules with numbers of SPEC part C,
// such as that a call is answered within three rings. It hears the facts that
// the centre emits, in their order, and says who is breaking which rule, whom to
// nudge and what to do about it.
//
// Rules is the register of all of them. A Watch is the machine: it is pure, and
// no step looks at more than the one call or agent that a fact is about. A rule
// that is kept here has a keeper (keepers), in the file of its chapter.
//
// What a rule says of the world is in its values; what is done about it is its
// mode: see Mode. Both are a tenant's own, or a queue's: see Settings.
package norms
