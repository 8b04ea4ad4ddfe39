-- +goose Up

-- Constant defaults: no row is written anew, whatever the table's size.
ALTER TABLE calls ADD COLUMN transfers BIGINT NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN consult_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN trunk TEXT COLLATE "C" NOT NULL DEFAULT '';
