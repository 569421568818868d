-- A statement may name a product before anybody has seen it: when that was found, and by which
-- record, so that a past day still waits for it. 0: it was known when the statement came.
ALTER TABLE statement ADD COLUMN met_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE statement ADD COLUMN met_seq INTEGER NOT NULL DEFAULT 0;
