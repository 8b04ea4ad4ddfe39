// Package aritest is an Asterisk on the wire for tests: its REST interface and
// event socket with the behaviour that was measured on a real one, in the same
// process, and with faults on demand. Wire lays a breakable proxy to it, or to
// a real one.
package aritest
