// Package routing is the ACD: queues, agents, skills, tickets, rounds and
// offers, as one pure machine. Time is an argument, effects are values, and
// equal histories give equal effects (SPEC ACD-1, ACD-10, ACD-12, RUL-ANS-1).
//
// # Order
//
// A ticket's score is the milliseconds that it has waited and a head start: what
// its priority, the caller's level and earlier calls, the queue's urgency and
// long waiting are worth, at most Order.Cap together. All scores grow alike, so
// that a line never changes its order by itself, and scores of all queues
// compare. An agent who gets free is offered the best score of those whom the
// agent can serve, whatever queue it is in.
//
// A ticket u goes before a ticket t that came earlier only if u's head start
// is larger by more than t came earlier; head starts lie between nothing and
// the cap. So nobody who comes more than the cap after t is given an agent who
// could have had t, and who goes before t at all is bounded by those who come
// within the cap. Three things keep an agent from t for a time besides: the
// agent has rejected t (30 s), t waits for the agent whom it prefers (up to a
// minute), or t is under offer.
//
// # Cost
//
// A step looks at the heads of lines, not at those who stand in them: at those
// of the classes in which somebody waits, of an agent's queues, or at one
// class's line of idle agents. Two steps look at more: Configure, at
// everything, and the first ticket with a requirement that Config.Known does
// not foresee, at the idle agents of its queue.
package routing
