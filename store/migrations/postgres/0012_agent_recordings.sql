-- +goose Up

-- Agents have recordings of phrases of their own (SPEC PHR-4). The agent, empty
-- for the tenant's voice, is part of what a recording is of, and so of the key.
ALTER TABLE phrase_recordings ADD COLUMN agent TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE phrase_recordings DROP CONSTRAINT phrase_recordings_pkey;
ALTER TABLE phrase_recordings ADD PRIMARY KEY (tenant, queue, agent, profile, language, phrase, version);
