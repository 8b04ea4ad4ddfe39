// Package crash kills huawu again and again, at moments that a seed decides,
// while real callers and agents are in every state that a call or an agent can
// be in, and sees that nobody is lost (DESIGN section 5, "same host"). It needs
// Asterisk and has the build tag of that name.
//
// A State is one such situation. A new one is a type that embeds desk, which
// gives it a queue, a number and agents of its own and hooks that do nothing,
// and a line in states.
package crash
