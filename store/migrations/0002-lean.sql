-- Fewer bytes and fewer trees for a finding.

-- By advisory first: the clocks of a problem lie together, and need no second index.
CREATE TABLE clock_by_problem (
	repository INTEGER NOT NULL, -- repository, or minus the asset that has none
	advisory   INTEGER NOT NULL,
	package    INTEGER NOT NULL, -- 0 for a rule
	ended      INTEGER NOT NULL, -- 0: runs
	start      INTEGER NOT NULL,
	due        INTEGER NOT NULL, -- earliest of its findings; 2^63-1: none
	n          INTEGER NOT NULL, -- open findings on it, of assets that count
	PRIMARY KEY (advisory, package, repository, ended)
) /*sqlite*/ STRICT, WITHOUT ROWID;
INSERT INTO clock_by_problem (repository, advisory, package, ended, start, due, n)
SELECT repository, advisory, package, ended, start, due, n
FROM clock;
DROP TABLE clock;
ALTER TABLE clock_by_problem RENAME TO clock;

-- What a source said of a finding: a severity word and a score, the same for thousands of findings.
-- A finding that one source alone has seen, and still sees, says so in its own row; what others see
-- and what has ended is spelled out in rows of its own.
CREATE TABLE witness (
	id       INTEGER PRIMARY KEY,
	source   INTEGER NOT NULL,
	severity INTEGER NOT NULL,
	word     INTEGER NOT NULL, -- word
	score    INTEGER NOT NULL, -- CVSS times 10 as this source has it; -1
	UNIQUE (source, severity, word, score)
) /*sqlite*/ STRICT;
ALTER TABLE finding ADD COLUMN witness INTEGER NOT NULL DEFAULT 0; -- 0: sighting_row tells
ALTER TABLE sighting RENAME TO sighting_row;
CREATE VIEW sighting AS
SELECT f.asset AS asset, f.advisory AS advisory, f.part AS part, w.source AS source,
       w.severity AS severity, w.word AS word, w.score AS score, 0 AS until
FROM finding AS f
JOIN witness AS w ON w.id = f.witness
UNION ALL
SELECT asset, advisory, part, source, severity, word, score, until
FROM sighting_row;

-- A file whose size never came need not be hashed before it is read.
CREATE INDEX import_by_size ON import (size);

-- An event is known by its time and its hash: logs come in the order of time, and hashes in none.
-- Only what has no time of its own, or changes it, is looked for by the hash alone.
CREATE TABLE event_by_order (
	id       INTEGER PRIMARY KEY,
	hash     BLOB NOT NULL, -- 16 bytes, model of identity in identity.c
	ts_ns    INTEGER NOT NULL,
	inferred INTEGER NOT NULL DEFAULT 0,
	kind     INTEGER NOT NULL,
	source   INTEGER NOT NULL,
	rule     INTEGER NOT NULL DEFAULT 0, -- advisory
	priority INTEGER NOT NULL,
	asset    INTEGER NOT NULL DEFAULT 0,
	alert    INTEGER NOT NULL DEFAULT 0,
	import   INTEGER NOT NULL,
	offset   INTEGER NOT NULL, -- in the decoded file
	size     INTEGER NOT NULL,
	action   INTEGER NOT NULL DEFAULT 0, -- word
	fields   TEXT NOT NULL DEFAULT '',   -- 'name<TAB>value' lines: message, user, process, ...
	raw      BLOB                        -- kept for alerts, and on request
) /*sqlite*/ STRICT;
INSERT INTO event_by_order (id, hash, ts_ns, inferred, kind, source, rule, priority, asset, alert,
                            import, offset, size, action, fields, raw)
SELECT id, hash, ts_ns, inferred, kind, source, rule, priority, asset, alert, import, offset, size,
       action, fields, raw
FROM event;
DROP TABLE event;
ALTER TABLE event_by_order RENAME TO event;
CREATE INDEX event_by_time ON event (ts_ns, id);
CREATE INDEX event_by_alert ON event (alert, ts_ns, id) WHERE alert > 0;
CREATE INDEX event_by_asset ON event (asset, ts_ns, id) WHERE asset > 0;
CREATE INDEX event_admission ON event (asset, ts_ns, id) WHERE kind = 1; -- few among many
CREATE TABLE event_key (
	hash  BLOB NOT NULL PRIMARY KEY,
	event INTEGER NOT NULL REFERENCES event (id)
) /*sqlite*/ STRICT, WITHOUT ROWID;
INSERT INTO event_key (hash, event)
SELECT hash, id
FROM event;
