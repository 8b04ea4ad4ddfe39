// Package store keeps what others read and what must outlive the process: the
// projection of the journal (events, calls, recordings), the versions of each
// tenant's centre, the agents' PINs and the audit. It runs on SQLite, which
// needs nothing installed, or on PostgreSQL, behind one set of methods; the
// suite store/storetest holds both to the same behaviour.
//
// The journal is the truth for what was decided and the store is its
// projection: Apply writes a batch and the cursor in one transaction, so that a
// batch applied twice counts once. Every other method that writes takes the
// Actor it acts for and leaves a row in the audit, in the same transaction.
//
// Every row carries its tenant. The one exception is the table applied: a
// cursor belongs to a journal, which may serve several tenants.
//
// Times are milliseconds of the epoch in the tables, as they are in package
// fact. Text that came from a network is made valid before it is written: what
// is not UTF-8, and NUL, which PostgreSQL refuses, becomes U+FFFD, and what is
// longer than 512 bytes is cut, since PostgreSQL does not index more than a
// third of a page. An event's body keeps its full length.
package store
