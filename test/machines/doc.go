// Package machines runs what decides on other machines than this one and
// compares: a journal replayed elsewhere must give the same decisions, byte for
// byte.
package machines
