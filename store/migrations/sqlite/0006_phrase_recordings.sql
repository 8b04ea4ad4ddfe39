-- +goose Up

-- The recordings of phrases, each with its versions: the newest one counts, and
-- one without a file removes the recording.
CREATE TABLE phrase_recordings (
    tenant   TEXT    NOT NULL,
    queue    TEXT    NOT NULL, -- empty for the whole tenant
    profile  TEXT    NOT NULL,
    language TEXT    NOT NULL,
    phrase   TEXT    NOT NULL, -- its key
    version  INTEGER NOT NULL,
    words    TEXT    NOT NULL, -- what is said
    file     TEXT    NOT NULL, -- in the folder of recordings
    ms       INTEGER NOT NULL,
    measured TEXT    NOT NULL, -- JSON, or empty
    saved_by TEXT    NOT NULL,
    via      TEXT    NOT NULL,
    wall     INTEGER NOT NULL, -- wall-clock milliseconds of the epoch
    PRIMARY KEY (tenant, queue, profile, language, phrase, version)
) STRICT, WITHOUT ROWID;
