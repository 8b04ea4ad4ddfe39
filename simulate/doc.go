// Package simulate answers what-if questions on the production ACD: package
// routing decides on a virtual clock, with arrivals, talks, patience and staff
// that are given or recorded. Flows, legs and switches do not take part.
//
// A run is made of its plan and its seed alone, so equal plans give equal
// reports. Arrivals, talks and patience of a load have a random stream of their
// own: two plans that differ in staff or rules alone see the same callers.
package simulate
