// Package api is the centre for people and programs that are not phones: REST
// with an OpenAPI description, a feed of events, health and metrics.
//
// Reads come from the engine's newest snapshot and from the store; operations
// and changes go to the engine and the store and leave a row in the audit.
// Every route asks for a bearer token but those in public.
package api
