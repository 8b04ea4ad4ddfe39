// Package fact holds the words of the house: typed ids, the two times, the
// normalised events (SPEC GEN-4) and the record of a call. It imports nothing
// but the standard library and every other room may import it.
package fact
