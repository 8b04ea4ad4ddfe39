-- +goose Up

-- The recordings of phrases, each with its versions: the newest one counts, and
-- one without a file removes the recording.
CREATE TABLE phrase_recordings (
    tenant   TEXT COLLATE "C" NOT NULL,
    queue    TEXT COLLATE "C" NOT NULL, -- empty for the whole tenant
    profile  TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    phrase   TEXT COLLATE "C" NOT NULL, -- its key
    version  BIGINT NOT NULL,
    words    TEXT COLLATE "C" NOT NULL, -- what is said
    file     TEXT COLLATE "C" NOT NULL, -- in the folder of recordings
    ms       BIGINT NOT NULL,
    measured TEXT COLLATE "C" NOT NULL, -- JSON, or empty
    saved_by TEXT COLLATE "C" NOT NULL,
    via      TEXT COLLATE "C" NOT NULL,
    wall     BIGINT NOT NULL, -- wall-clock milliseconds of the epoch
    PRIMARY KEY (tenant, queue, profile, language, phrase, version)
);
