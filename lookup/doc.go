// Package lookup asks other systems over HTTP what flows want to know: listed
// hosts alone, within a deadline, with secrets that no flow holds, and an answer
// kept for a while where the flow says so.
package lookup
