-- +goose Up

-- The calls that we owe. Instants are wall-clock milliseconds of the epoch, 0
-- for none.
CREATE TABLE callback (
    tenant       TEXT    NOT NULL,
    id           TEXT    NOT NULL,
    state        TEXT    NOT NULL, -- open, done, cancelled
    source       TEXT    NOT NULL, -- flow, message
    number       TEXT    NOT NULL, -- as calls show it; empty for a message of somebody unknown
    name         TEXT    NOT NULL,
    queue        TEXT    NOT NULL,
    agent        TEXT    NOT NULL, -- whom the caller wants
    reason       TEXT    NOT NULL,
    call         TEXT    NOT NULL,
    ticket       TEXT    NOT NULL,
    asked        INTEGER NOT NULL,
    joined       INTEGER NOT NULL, -- since when the caller counts as waiting
    needs        TEXT    NOT NULL,
    priority     INTEGER NOT NULL,
    level        TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    message      TEXT    NOT NULL, -- the recording's id
    message_file TEXT    NOT NULL,
    message_ms   INTEGER NOT NULL,
    note         TEXT    NOT NULL,
    closed_by    TEXT    NOT NULL,
    closed       INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX callback_state ON callback (tenant, state, asked, id);
CREATE INDEX callback_number ON callback (tenant, number, asked);
