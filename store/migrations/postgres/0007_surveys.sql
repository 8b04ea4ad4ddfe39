-- +goose Up

-- What callers thought of a call, one row a call whose caller was asked.
CREATE TABLE surveys (
    tenant   TEXT COLLATE "C" NOT NULL,
    call     TEXT COLLATE "C" NOT NULL,
    queue    TEXT COLLATE "C" NOT NULL,
    agent    TEXT COLLATE "C" NOT NULL,
    asked    BIGINT  NOT NULL, -- wall-clock milliseconds of the epoch, as answered
    answered BIGINT  NOT NULL, -- 0 for no answer
    score    INTEGER NOT NULL, -- 1 is the best, "of" the worst, 0 no answer
    "of"     INTEGER NOT NULL,
    name     TEXT COLLATE "C" NOT NULL, -- what the answer means
    PRIMARY KEY (tenant, call),
    FOREIGN KEY (tenant, call) REFERENCES calls (tenant, call) ON DELETE CASCADE
);
CREATE INDEX surveys_by_asked ON surveys (tenant, asked, call);
