-- +goose Up

-- What agents wrote about a call, one value a field and agent.
CREATE TABLE call_log (
    tenant TEXT COLLATE "C" NOT NULL,
    call   TEXT COLLATE "C" NOT NULL,
    agent  TEXT COLLATE "C" NOT NULL,
    field  TEXT COLLATE "C" NOT NULL,
    value  TEXT COLLATE "C" NOT NULL,
    wall   BIGINT NOT NULL, -- wall-clock milliseconds of the epoch
    PRIMARY KEY (tenant, call, agent, field),
    FOREIGN KEY (tenant, call) REFERENCES calls (tenant, call) ON DELETE CASCADE
);
