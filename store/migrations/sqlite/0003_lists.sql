-- +goose Up

-- The list of numbers: who is denied, and what is known of who calls. An entry
-- that is lifted stays, so that the revision of the list only grows. Instants
-- are wall-clock milliseconds of the epoch, 0 for none.
CREATE TABLE number_list (
    tenant       TEXT    NOT NULL,
    number       TEXT    NOT NULL, -- as calls show it
    kind         TEXT    NOT NULL, -- deny, level
    state        TEXT    NOT NULL, -- proposed, active, lifted
    level        TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    attributes   TEXT    NOT NULL, -- JSON, or empty
    reason       TEXT    NOT NULL,
    expires      INTEGER NOT NULL,
    requested_by TEXT    NOT NULL,
    requested_at INTEGER NOT NULL,
    approved_by  TEXT    NOT NULL, -- or lifted by
    approved_at  INTEGER NOT NULL,
    revision     INTEGER NOT NULL, -- of the list, at the entry's last change
    PRIMARY KEY (tenant, number, kind)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX number_list_revision ON number_list (tenant, revision);

-- Misuses noted against a number.
CREATE TABLE number_strikes (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT    NOT NULL,
    number TEXT    NOT NULL,
    wall   INTEGER NOT NULL,
    actor  TEXT    NOT NULL,
    call   TEXT    NOT NULL,
    reason TEXT    NOT NULL
) STRICT;
CREATE INDEX number_strikes_number ON number_strikes (tenant, number, wall, id);
