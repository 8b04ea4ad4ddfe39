-- +goose Up

-- What agents wrote about a call, one value a field and agent.
CREATE TABLE call_log (
    tenant TEXT    NOT NULL,
    call   TEXT    NOT NULL,
    agent  TEXT    NOT NULL,
    field  TEXT    NOT NULL,
    value  TEXT    NOT NULL,
    wall   INTEGER NOT NULL, -- wall-clock milliseconds of the epoch
    PRIMARY KEY (tenant, call, agent, field),
    FOREIGN KEY (tenant, call) REFERENCES calls (tenant, call) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
