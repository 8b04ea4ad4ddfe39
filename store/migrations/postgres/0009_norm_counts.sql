-- +goose Up

-- How often service norms were kept and broken, by half-hour of the wall clock.
CREATE TABLE norm_counts (
    tenant    TEXT COLLATE "C" NOT NULL,
    rule      TEXT COLLATE "C" NOT NULL,
    half_hour BIGINT NOT NULL, -- its beginning, in wall-clock milliseconds of the epoch
    queue     TEXT COLLATE "C" NOT NULL,
    agent     TEXT COLLATE "C" NOT NULL,
    kept      BIGINT NOT NULL,
    broken    BIGINT NOT NULL,
    nudged    BIGINT NOT NULL,
    acted     BIGINT NOT NULL,
    measured  BIGINT NOT NULL, -- how many times something was measured
    total     BIGINT NOT NULL, -- of what was measured
    most      BIGINT NOT NULL,
    PRIMARY KEY (tenant, rule, half_hour, queue, agent)
);
CREATE INDEX norm_counts_by_time ON norm_counts (tenant, half_hour);
