-- What the past is rebuilt from. Rows of these tables are added, never rewritten; each bears the
-- number of the audit record that wrote it.

CREATE TABLE fact ( -- of an asset, from a time on; the newest row of a kind holds
	asset INTEGER NOT NULL,
	-- 0 known at all, 1 data about it, 2 a container: image times 2, plus 1 when it runs,
	-- 3 a workload is exposed, 4 a place was listed whole: the scan
	what  INTEGER NOT NULL,
	at    INTEGER NOT NULL,
	seq   INTEGER NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (asset, what, at, seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE sighting_span ( -- nothing while a source goes on to see what its first look showed
	asset    INTEGER NOT NULL,
	advisory INTEGER NOT NULL,
	part     INTEGER NOT NULL,
	source   INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	seq      INTEGER NOT NULL,
	severity INTEGER NOT NULL,
	word     INTEGER NOT NULL,
	score    INTEGER NOT NULL,
	live     INTEGER NOT NULL, -- 0: no longer seen
	PRIMARY KEY (asset, advisory, part, source, at, seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE check_span ( -- as span: nothing while a verdict is the first of its source
	asset    INTEGER NOT NULL,
	advisory INTEGER NOT NULL,
	part     INTEGER NOT NULL,
	source   INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	seq      INTEGER NOT NULL,
	verdict  INTEGER NOT NULL,
	word     INTEGER NOT NULL,
	message  INTEGER NOT NULL,
	gone     INTEGER NOT NULL,
	-- 1: the looks from here on do not speak of it; 2: it is as old as it says itself
	silent   INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (asset, advisory, part, source, at, seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE advisory_span ( -- nothing while nobody said more of it than the first report
	advisory  INTEGER NOT NULL,
	at        INTEGER NOT NULL,
	seq       INTEGER NOT NULL,
	class     INTEGER NOT NULL,
	kev       INTEGER NOT NULL,
	kev_added INTEGER NOT NULL,
	kev_due   INTEGER NOT NULL,
	epss      INTEGER NOT NULL,
	exploitation INTEGER NOT NULL DEFAULT 0,
	automatable  INTEGER NOT NULL DEFAULT 0,
	impact    INTEGER NOT NULL DEFAULT 0,
	ssvc_at   INTEGER NOT NULL DEFAULT 0,
	triage    INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (advisory, at, seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE signature_seen ( -- every verification; table signature has the newest
	image     INTEGER NOT NULL,
	predicate TEXT NOT NULL,
	signer    TEXT NOT NULL,
	issuer    TEXT NOT NULL,
	at        INTEGER NOT NULL,
	scan      INTEGER NOT NULL,
	result    INTEGER NOT NULL,
	log_index INTEGER NOT NULL,
	signed_at INTEGER NOT NULL,
	PRIMARY KEY (image, predicate, signer, issuer, at, scan)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE trend ( -- what each record added to the snapshots
	at       INTEGER NOT NULL,
	seq      INTEGER NOT NULL,
	severity INTEGER NOT NULL,
	kev      INTEGER NOT NULL,
	open     INTEGER NOT NULL,
	came     INTEGER NOT NULL,
	went     INTEGER NOT NULL,
	PRIMARY KEY (at, seq, severity, kev)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE merged ( -- whose id went up in which other's
	gone INTEGER NOT NULL PRIMARY KEY,
	keep INTEGER NOT NULL
) /*sqlite*/ STRICT;

-- ---- rows as they were until a record changed them: names and clocks ----

CREATE TABLE image_name_was (
	name       TEXT NOT NULL,
	since      INTEGER NOT NULL,
	image      INTEGER NOT NULL,
	by_seq     INTEGER NOT NULL,
	there      INTEGER NOT NULL, -- 0: there was no such row
	until      INTEGER NOT NULL,
	seen       INTEGER NOT NULL,
	repository INTEGER NOT NULL,
	seq        INTEGER NOT NULL,
	PRIMARY KEY (name, since, image, by_seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TABLE clock_was ( -- of clocks that moved or ended, not of new ones
	repository INTEGER NOT NULL,
	advisory   INTEGER NOT NULL,
	package    INTEGER NOT NULL,
	ended      INTEGER NOT NULL,
	by_seq     INTEGER NOT NULL,
	by_at      INTEGER NOT NULL, -- newest scan of the import that did it
	there      INTEGER NOT NULL,
	start      INTEGER NOT NULL,
	PRIMARY KEY (repository, advisory, package, ended, by_seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;

-- A row with an older number is a copy: two images became one.
CREATE TRIGGER image_name_new AFTER INSERT ON image_name
WHEN new.seq > coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'counter'), 0) BEGIN
	INSERT INTO image_name_was (name, since, image, by_seq, there, until, seen, repository, seq)
	SELECT new.name, new.since, new.image, coalesce((SELECT CAST(value AS INTEGER) FROM meta
		WHERE name = 'counter'), 0) + 1, 0, 0, 0, 0, 0
	WHERE TRUE
	ON CONFLICT (name, since, image, by_seq) DO NOTHING;
END;
CREATE TRIGGER image_name_moved AFTER UPDATE OF name, since, image, until ON image_name BEGIN
	INSERT INTO image_name_was (name, since, image, by_seq, there, until, seen, repository, seq)
	SELECT old.name, old.since, old.image, coalesce((SELECT CAST(value AS INTEGER) FROM meta
		WHERE name = 'counter'), 0) + 1, 1, old.until, old.seen, old.repository, old.seq
	WHERE TRUE
	ON CONFLICT (name, since, image, by_seq) DO NOTHING;
	INSERT INTO image_name_was (name, since, image, by_seq, there, until, seen, repository, seq)
	SELECT new.name, new.since, new.image, coalesce((SELECT CAST(value AS INTEGER) FROM meta
		WHERE name = 'counter'), 0) + 1, 0, 0, 0, 0, 0
	WHERE new.name <> old.name OR new.since <> old.since OR new.image <> old.image
	ON CONFLICT (name, since, image, by_seq) DO NOTHING;
END;
CREATE TRIGGER clock_moved AFTER UPDATE OF start, ended ON clock
WHEN new.start <> old.start OR new.ended <> old.ended BEGIN
	INSERT INTO clock_was (repository, advisory, package, ended, by_seq, by_at, there, start)
	SELECT old.repository, old.advisory, old.package, old.ended,
		coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'counter'), 0) + 1,
		coalesce((SELECT max(n.at) FROM scan AS n
			WHERE n.import = (SELECT max(id) FROM import)), 0),
		1, old.start
	WHERE TRUE
	ON CONFLICT (repository, advisory, package, ended, by_seq) DO NOTHING;
	INSERT INTO clock_was (repository, advisory, package, ended, by_seq, by_at, there, start)
	SELECT new.repository, new.advisory, new.package, new.ended,
		coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'counter'), 0) + 1,
		coalesce((SELECT max(n.at) FROM scan AS n
			WHERE n.import = (SELECT max(id) FROM import)), 0),
		0, 0
	WHERE new.ended <> old.ended
	ON CONFLICT (repository, advisory, package, ended, by_seq) DO NOTHING;
END;

-- ---- assessments: what answers rest on, and how far they are ----

ALTER TABLE answer ADD COLUMN period_from INTEGER NOT NULL DEFAULT 0; -- what time it speaks of
ALTER TABLE answer ADD COLUMN period_to INTEGER NOT NULL DEFAULT 0;

CREATE TABLE attachment (
	id      INTEGER PRIMARY KEY,
	seq     INTEGER NOT NULL,
	object  TEXT NOT NULL,    -- 'item 3', 'control 12'
	name    TEXT NOT NULL,
	sha256  BLOB NOT NULL,    -- of the bytes; of a link's text
	size    INTEGER NOT NULL,
	bytes   BLOB,             -- NULL: a link
	link    TEXT NOT NULL DEFAULT '',
	made_at INTEGER NOT NULL, -- the document's own date
	at      INTEGER NOT NULL, -- when it was attached
	actor   TEXT NOT NULL,
	note    TEXT NOT NULL DEFAULT ''
) /*sqlite*/ STRICT;
CREATE INDEX attachment_by_object ON attachment (object, id);

CREATE TABLE sample ( -- drawn for an item or a control
	id         INTEGER PRIMARY KEY,
	seq        INTEGER NOT NULL,
	object     TEXT NOT NULL,
	list       TEXT NOT NULL, -- 'images'
	filter     TEXT NOT NULL,
	seed       INTEGER NOT NULL,
	population INTEGER NOT NULL,
	at         INTEGER NOT NULL,
	actor      TEXT NOT NULL
) /*sqlite*/ STRICT;
CREATE INDEX sample_by_object ON sample (object, id);
CREATE TABLE sample_row (
	sample INTEGER NOT NULL REFERENCES sample (id),
	n      INTEGER NOT NULL, -- its place in the draw
	key    TEXT NOT NULL,    -- '12', '1-2-3'
	label  TEXT NOT NULL,
	PRIMARY KEY (sample, n)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE assessment ( -- steps of items and controls; the newest one stands
	id     INTEGER PRIMARY KEY,
	seq    INTEGER NOT NULL,
	object TEXT NOT NULL,
	step   INTEGER NOT NULL, -- enum assess_step
	who    TEXT NOT NULL DEFAULT '', -- to whom it is assigned
	note   TEXT NOT NULL DEFAULT '',
	at     INTEGER NOT NULL,
	actor  TEXT NOT NULL
) /*sqlite*/ STRICT;
CREATE INDEX assessment_by_object ON assessment (object, id);

-- ---- what a store from before this knows of its past: what holds now, from when on ----

INSERT INTO fact (asset, what, at, seq, value)
SELECT id, 0, 0, 0, 1 FROM asset;
INSERT INTO fact (asset, what, at, seq, value)
SELECT asset, 1, data_at, 0, 1 FROM cluster WHERE data_at > 0
UNION ALL SELECT asset, 1, data_at, 0, 1 FROM node WHERE data_at > 0;
INSERT INTO fact (asset, what, at, seq, value)
SELECT asset, 2, first_at, 0, image * 2 + running FROM container;
INSERT INTO fact (asset, what, at, seq, value)
SELECT asset, 3, 0, 0, exposed FROM workload WHERE exposed > 0;
INSERT INTO fact (asset, what, at, seq, value)
SELECT place, 4, at, 0, scan FROM inventory;
INSERT INTO signature_seen (image, predicate, signer, issuer, at, scan, result, log_index,
	signed_at)
SELECT image, predicate, signer, issuer, at, scan, result, log_index, signed_at FROM signature;
INSERT INTO trend (at, seq, severity, kev, open, came, went)
SELECT s.day * 86400, 0, s.severity, s.kev, s.open - coalesce((SELECT p.open FROM snapshot AS p
	WHERE p.scope = 0 AND p.severity = s.severity AND p.kev = s.kev AND p.day < s.day
	ORDER BY p.day DESC LIMIT 1), 0), s.came, s.went
FROM snapshot AS s WHERE s.scope = 0;
INSERT INTO sighting_span (asset, advisory, part, source, at, seq, severity, word, score, live)
SELECT asset, advisory, part, source, until, 0, severity, word, score, 0 FROM sighting_row
WHERE until > 0;
INSERT INTO advisory_span (advisory, at, seq, class, kev, kev_added, kev_due, epss, exploitation,
	automatable, impact, ssvc_at, triage)
SELECT id, 0, 0, class, kev, kev_added, kev_due, epss, exploitation, automatable, impact, ssvc_at,
	triage
FROM advisory WHERE kev + epss + exploitation + automatable + impact + triage > 0;
