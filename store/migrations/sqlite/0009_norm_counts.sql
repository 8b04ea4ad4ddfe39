-- +goose Up

-- How often service norms were kept and broken, by half-hour of the wall clock.
CREATE TABLE norm_counts (
    tenant    TEXT    NOT NULL,
    rule      TEXT    NOT NULL,
    half_hour INTEGER NOT NULL, -- its beginning, in wall-clock milliseconds of the epoch
    queue     TEXT    NOT NULL,
    agent     TEXT    NOT NULL,
    kept      INTEGER NOT NULL,
    broken    INTEGER NOT NULL,
    nudged    INTEGER NOT NULL,
    acted     INTEGER NOT NULL,
    measured  INTEGER NOT NULL, -- how many times something was measured
    total     INTEGER NOT NULL, -- of what was measured
    most      INTEGER NOT NULL,
    PRIMARY KEY (tenant, rule, half_hour, queue, agent)
) STRICT, WITHOUT ROWID;
CREATE INDEX norm_counts_by_time ON norm_counts (tenant, half_hour);
