-- +goose Up

-- The calls that we owe. Instants are wall-clock milliseconds of the epoch, 0
-- for none.
CREATE TABLE callback (
    tenant       TEXT COLLATE "C" NOT NULL,
    id           TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL, -- open, done, cancelled
    source       TEXT COLLATE "C" NOT NULL, -- flow, message
    number       TEXT COLLATE "C" NOT NULL, -- as calls show it; empty for a message of somebody unknown
    name         TEXT COLLATE "C" NOT NULL,
    queue        TEXT COLLATE "C" NOT NULL,
    agent        TEXT COLLATE "C" NOT NULL, -- whom the caller wants
    reason       TEXT COLLATE "C" NOT NULL,
    call         TEXT COLLATE "C" NOT NULL,
    ticket       TEXT COLLATE "C" NOT NULL,
    asked        BIGINT NOT NULL,
    joined       BIGINT NOT NULL, -- since when the caller counts as waiting
    needs        TEXT COLLATE "C" NOT NULL,
    priority     BIGINT NOT NULL,
    level        TEXT COLLATE "C" NOT NULL,
    language     TEXT COLLATE "C" NOT NULL,
    message      TEXT COLLATE "C" NOT NULL, -- the recording's id
    message_file TEXT COLLATE "C" NOT NULL,
    message_ms   BIGINT NOT NULL,
    note         TEXT COLLATE "C" NOT NULL,
    closed_by    TEXT COLLATE "C" NOT NULL,
    closed       BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX callback_state ON callback (tenant, state, asked, id);
CREATE INDEX callback_number ON callback (tenant, number, asked);
