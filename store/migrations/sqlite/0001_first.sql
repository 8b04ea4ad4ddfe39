-- +goose Up

-- The cursor of the projection, one a journal: everything up to seq is in.
-- journal orders the journals as they were first seen; a journal serves several
-- tenants, so this table alone carries none.
CREATE TABLE applied (
    journal INTEGER PRIMARY KEY,
    epoch   TEXT    NOT NULL UNIQUE,
    seq     INTEGER NOT NULL,
    wall    INTEGER NOT NULL -- when, in milliseconds of the epoch
) STRICT;

-- The normalised events, in the order of their journal.
CREATE TABLE call_events (
    journal INTEGER NOT NULL REFERENCES applied (journal),
    seq     INTEGER NOT NULL, -- the journalled input that led to it
    n       INTEGER NOT NULL, -- its place among that input's events
    tenant  TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    at      INTEGER NOT NULL, -- steady milliseconds
    wall    INTEGER NOT NULL, -- wall-clock milliseconds of the epoch
    call    TEXT    NOT NULL,
    leg     TEXT    NOT NULL,
    queue   TEXT    NOT NULL,
    agent   TEXT    NOT NULL,
    body    TEXT    NOT NULL, -- fact.Event as JSON
    PRIMARY KEY (journal, seq, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_events_call ON call_events (tenant, call) WHERE call <> '';
CREATE INDEX call_events_wall ON call_events (tenant, wall);

-- One row a call, written when it has ended. Durations are milliseconds.
CREATE TABLE calls (
    tenant      TEXT    NOT NULL,
    call        TEXT    NOT NULL,
    direction   TEXT    NOT NULL,
    from_number TEXT    NOT NULL,
    to_number   TEXT    NOT NULL,
    flow        TEXT    NOT NULL,
    queue       TEXT    NOT NULL,
    agent       TEXT    NOT NULL,
    began       INTEGER NOT NULL, -- wall-clock milliseconds of the epoch
    ended       INTEGER NOT NULL,
    fault       TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    hung_up_by  TEXT    NOT NULL,
    cause       INTEGER NOT NULL, -- Q.850
    ivr_ms      INTEGER NOT NULL,
    wait_ms     INTEGER NOT NULL,
    ring_ms     INTEGER NOT NULL,
    talk_ms     INTEGER NOT NULL,
    hold_ms     INTEGER NOT NULL,
    wrapup_ms   INTEGER NOT NULL,
    offers      INTEGER NOT NULL,
    PRIMARY KEY (tenant, call)
) STRICT;
CREATE INDEX calls_began ON calls (tenant, began, call);
CREATE INDEX calls_queue ON calls (tenant, queue, began, call);
CREATE INDEX calls_agent ON calls (tenant, agent, began, call);
CREATE INDEX calls_from ON calls (tenant, from_number, began);
CREATE INDEX calls_to ON calls (tenant, to_number, began);

-- The files of a call's recordings, in the order of its record.
CREATE TABLE recordings (
    tenant    TEXT    NOT NULL,
    call      TEXT    NOT NULL,
    n         INTEGER NOT NULL,
    recording TEXT    NOT NULL,
    leg       TEXT    NOT NULL,
    side      TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    began     INTEGER NOT NULL, -- steady milliseconds
    ms        INTEGER NOT NULL,
    PRIMARY KEY (tenant, call, n),
    FOREIGN KEY (tenant, call) REFERENCES calls (tenant, call) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Every version of what a tenant's centre works by, as it was written.
CREATE TABLE centre_versions (
    tenant  TEXT    NOT NULL,
    version INTEGER NOT NULL, -- counted from 1
    body    TEXT    NOT NULL,
    saved_by TEXT NOT NULL,
    wall    INTEGER NOT NULL,
    PRIMARY KEY (tenant, version)
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER centre_versions_frozen BEFORE UPDATE ON centre_versions
BEGIN
    SELECT RAISE(ABORT, 'centre_versions is never changed');
END;
-- +goose StatementEnd

-- What an agent proves with that they are who they say.
CREATE TABLE agent_pins (
    tenant TEXT    NOT NULL,
    agent  TEXT    NOT NULL,
    hash   TEXT    NOT NULL, -- argon2id, in the PHC string format
    wall   INTEGER NOT NULL,
    PRIMARY KEY (tenant, agent)
) STRICT;

-- Who changed what.
CREATE TABLE audit (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT    NOT NULL,
    wall   INTEGER NOT NULL,
    actor  TEXT    NOT NULL,
    via    TEXT    NOT NULL,
    action TEXT    NOT NULL,
    target TEXT    NOT NULL,
    before TEXT    NOT NULL, -- JSON, or empty
    after  TEXT    NOT NULL  -- JSON, or empty
) STRICT;
CREATE INDEX audit_tenant ON audit (tenant, id);
-- +goose StatementBegin
CREATE TRIGGER audit_frozen BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit is never changed');
END;
-- +goose StatementEnd
