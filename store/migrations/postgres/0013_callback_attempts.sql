-- +goose Up

-- When a callback is to be called, and what was tried.
ALTER TABLE callback ADD COLUMN stage TEXT COLLATE "C" NOT NULL DEFAULT ''; -- calling, review
ALTER TABLE callback ADD COLUMN customer TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN "case" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN promised BIGINT NOT NULL DEFAULT 0;
ALTER TABLE callback ADD COLUMN due BIGINT NOT NULL DEFAULT 0;
ALTER TABLE callback ADD COLUMN due_source TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN after BIGINT NOT NULL DEFAULT 0;
ALTER TABLE callback ADD COLUMN zone TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN override TEXT COLLATE "C" NOT NULL DEFAULT ''; -- who lets it be called outside the windows
ALTER TABLE callback ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE callback ADD COLUMN tried BIGINT NOT NULL DEFAULT 0;
ALTER TABLE callback ADD COLUMN outcome TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN row_length BIGINT NOT NULL DEFAULT 0; -- attempts in a row with that outcome
ALTER TABLE callback ADD COLUMN last_call TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE callback ADD COLUMN next BIGINT NOT NULL DEFAULT 0;
ALTER TABLE callback ADD COLUMN revision BIGINT NOT NULL DEFAULT 0; -- orders people's changes of a tenant's callbacks
CREATE INDEX callback_due ON callback (tenant, state, due, id);
CREATE INDEX callback_revision ON callback (tenant, revision);

-- The attempts at them. Instants are wall-clock milliseconds of the epoch.
CREATE TABLE callback_attempts (
    tenant   TEXT COLLATE "C" NOT NULL,
    callback TEXT COLLATE "C" NOT NULL,
    began    BIGINT NOT NULL, -- when the number was dialled
    call     TEXT COLLATE "C" NOT NULL,
    agent    TEXT COLLATE "C" NOT NULL,
    ended    BIGINT NOT NULL, -- 0 while it is under way
    outcome  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, callback, began)
);
