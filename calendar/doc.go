// Package calendar knows hours, holidays and when they change. Hours are local
// times with an IANA zone: a local time that does not exist moves forward, one
// that exists twice opens at the first and closes at the second. It is pure;
// the only thing it reads is the zone database.
package calendar
