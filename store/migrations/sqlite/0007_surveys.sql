-- +goose Up

-- What callers thought of a call, one row a call whose caller was asked.
CREATE TABLE surveys (
    tenant   TEXT    NOT NULL,
    call     TEXT    NOT NULL,
    queue    TEXT    NOT NULL,
    agent    TEXT    NOT NULL,
    asked    INTEGER NOT NULL, -- wall-clock milliseconds of the epoch, as answered
    answered INTEGER NOT NULL, -- 0 for no answer
    score    INTEGER NOT NULL, -- 1 is the best, "of" the worst, 0 no answer
    "of"     INTEGER NOT NULL,
    name     TEXT    NOT NULL, -- what the answer means
    PRIMARY KEY (tenant, call),
    FOREIGN KEY (tenant, call) REFERENCES calls (tenant, call) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX surveys_by_asked ON surveys (tenant, asked, call);
