-- +goose Up

-- The code by which a talk was ended before the customer ended it.
ALTER TABLE calls ADD COLUMN excuse TEXT COLLATE "C" NOT NULL DEFAULT '';
