-- +goose Up

-- When a callback is to be called, and what was tried.
ALTER TABLE callback ADD COLUMN stage TEXT NOT NULL DEFAULT ''; -- calling, review
ALTER TABLE callback ADD COLUMN customer TEXT NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN "case" TEXT NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN promised INTEGER NOT NULL DEFAULT 0;
ALTER TABLE callback ADD COLUMN due INTEGER NOT NULL DEFAULT 0;
ALTER TABLE callback ADD COLUMN due_source TEXT NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN after INTEGER NOT NULL DEFAULT 0;
ALTER TABLE callback ADD COLUMN zone TEXT NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN override TEXT NOT NULL DEFAULT ''; -- who lets it be called outside the windows
ALTER TABLE callback ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE callback ADD COLUMN tried INTEGER NOT NULL DEFAULT 0;
ALTER TABLE callback ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN row_length INTEGER NOT NULL DEFAULT 0; -- attempts in a row with that outcome
ALTER TABLE callback ADD COLUMN last_call TEXT NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN next INTEGER NOT NULL DEFAULT 0;
ALTER TABLE callback ADD COLUMN revision INTEGER NOT NULL DEFAULT 0; -- orders people's changes of a tenant's callbacks
CREATE INDEX callback_due ON callback (tenant, state, due, id);
CREATE INDEX callback_revision ON callback (tenant, revision);

-- The attempts at them. Instants are wall-clock milliseconds of the epoch.
CREATE TABLE callback_attempts (
    tenant   TEXT    NOT NULL,
    callback TEXT    NOT NULL,
    began    INTEGER NOT NULL, -- when the number was dialled
    call     TEXT    NOT NULL,
    agent    TEXT    NOT NULL,
    ended    INTEGER NOT NULL, -- 0 while it is under way
    outcome  TEXT    NOT NULL,
    PRIMARY KEY (tenant, callback, began)
) STRICT, WITHOUT ROWID;
