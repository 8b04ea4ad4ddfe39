-- +goose Up

-- Agents have recordings of phrases of their own (SPEC PHR-4). The agent is part
-- of what a recording is of, and so of the key: the table is made anew.
ALTER TABLE phrase_recordings RENAME TO phrase_recordings_before;
CREATE TABLE phrase_recordings (
    tenant   TEXT    NOT NULL,
    queue    TEXT    NOT NULL, -- empty for the whole tenant
    agent    TEXT    NOT NULL, -- whose voice it is, empty for the tenant's
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
    PRIMARY KEY (tenant, queue, agent, profile, language, phrase, version)
) STRICT, WITHOUT ROWID;
INSERT INTO phrase_recordings (tenant, queue, agent, profile, language, phrase, version, words, file, ms, measured, saved_by, via, wall)
    SELECT tenant, queue, '', profile, language, phrase, version, words, file, ms, measured, saved_by, via, wall FROM phrase_recordings_before;
DROP TABLE phrase_recordings_before;
