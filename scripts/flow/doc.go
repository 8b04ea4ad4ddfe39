// Package flow steps one call through a declarative flow (SPEC IVR-1). A
// Session is a pure machine: inputs and time in, actions out.
package flow
