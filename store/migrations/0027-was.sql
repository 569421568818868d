-- What reports say of things changes in place: rows as they were until a record changed them, so
-- that a past day shows what was said then. What comes with a new thing was never otherwise:
-- 'old_assets' and 'old_advisories' are the highest numbers there were before the newest import.

CREATE VIEW record_now AS -- the record that is being written, and the newest scan it brings
SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'counter'), 0) + 1 AS seq,
	coalesce((SELECT max(n.at) FROM scan AS n
		WHERE n.import = (SELECT max(id) FROM import)), 0) AS at;
CREATE VIEW things_before AS
SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'old_assets'), 0) AS asset,
	coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'old_advisories'), 0)
		AS advisory;

CREATE TABLE image_was (
	asset  INTEGER NOT NULL,
	by_seq INTEGER NOT NULL,
	by_at  INTEGER NOT NULL,
	os     TEXT NOT NULL,
	arch   TEXT NOT NULL,
	base   TEXT NOT NULL,
	built  INTEGER NOT NULL,
	eol    INTEGER NOT NULL,
	PRIMARY KEY (asset, by_seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TRIGGER image_told AFTER UPDATE OF os, arch, base, built, eol ON image
WHEN (new.os <> old.os OR new.arch <> old.arch OR new.base <> old.base OR new.built <> old.built
		OR new.eol <> old.eol)
	AND old.asset <= (SELECT asset FROM things_before) BEGIN
	INSERT INTO image_was (asset, by_seq, by_at, os, arch, base, built, eol)
	SELECT old.asset, r.seq, r.at, old.os, old.arch, old.base, old.built, old.eol
	FROM record_now AS r WHERE TRUE
	ON CONFLICT (asset, by_seq) DO NOTHING;
END;

CREATE TABLE cluster_was (
	asset    INTEGER NOT NULL,
	by_seq   INTEGER NOT NULL,
	by_at    INTEGER NOT NULL,
	uid      TEXT NOT NULL,
	version  TEXT NOT NULL,
	services INTEGER NOT NULL,
	PRIMARY KEY (asset, by_seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TRIGGER cluster_told AFTER UPDATE OF uid, version, services ON cluster
WHEN (new.uid <> old.uid OR new.version <> old.version OR new.services <> old.services)
	AND old.asset <= (SELECT asset FROM things_before) BEGIN
	INSERT INTO cluster_was (asset, by_seq, by_at, uid, version, services)
	SELECT old.asset, r.seq, r.at, old.uid, old.version, old.services
	FROM record_now AS r WHERE TRUE
	ON CONFLICT (asset, by_seq) DO NOTHING;
END;

CREATE TABLE node_was (
	asset   INTEGER NOT NULL,
	by_seq  INTEGER NOT NULL,
	by_at   INTEGER NOT NULL,
	role    TEXT NOT NULL,
	version TEXT NOT NULL,
	os      TEXT NOT NULL,
	PRIMARY KEY (asset, by_seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TRIGGER node_told AFTER UPDATE OF role, version, os ON node
WHEN (new.role <> old.role OR new.version <> old.version OR new.os <> old.os)
	AND old.asset <= (SELECT asset FROM things_before) BEGIN
	INSERT INTO node_was (asset, by_seq, by_at, role, version, os)
	SELECT old.asset, r.seq, r.at, old.role, old.version, old.os
	FROM record_now AS r WHERE TRUE
	ON CONFLICT (asset, by_seq) DO NOTHING;
END;

CREATE TABLE workload_was (
	asset    INTEGER NOT NULL,
	by_seq   INTEGER NOT NULL,
	by_at    INTEGER NOT NULL,
	labels   TEXT NOT NULL,
	replicas INTEGER NOT NULL,
	PRIMARY KEY (asset, by_seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TRIGGER workload_told AFTER UPDATE OF labels, replicas ON workload
WHEN (new.labels <> old.labels OR new.replicas <> old.replicas)
	AND old.asset <= (SELECT asset FROM things_before) BEGIN
	INSERT INTO workload_was (asset, by_seq, by_at, labels, replicas)
	SELECT old.asset, r.seq, r.at, old.labels, old.replicas
	FROM record_now AS r WHERE TRUE
	ON CONFLICT (asset, by_seq) DO NOTHING;
END;

CREATE TABLE advisory_was (
	advisory  INTEGER NOT NULL,
	by_seq    INTEGER NOT NULL,
	by_at     INTEGER NOT NULL,
	severity  INTEGER NOT NULL,
	title     TEXT NOT NULL,
	text      INTEGER NOT NULL,
	remedy    INTEGER NOT NULL,
	url       TEXT NOT NULL,
	benchmark TEXT NOT NULL,
	score     INTEGER NOT NULL,
	vector    TEXT NOT NULL,
	published INTEGER NOT NULL,
	PRIMARY KEY (advisory, by_seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TRIGGER advisory_told
AFTER UPDATE OF severity, title, text, remedy, url, benchmark, score, vector, published ON advisory
WHEN (new.title <> old.title OR new.text <> old.text OR new.score <> old.score
		OR new.vector <> old.vector OR new.severity <> old.severity
		OR new.remedy <> old.remedy OR new.url <> old.url
		OR new.benchmark <> old.benchmark OR new.published <> old.published)
	AND old.id <= (SELECT advisory FROM things_before) BEGIN
	INSERT INTO advisory_was (advisory, by_seq, by_at, severity, title, text, remedy, url,
		benchmark, score, vector, published)
	SELECT old.id, r.seq, r.at, old.severity, old.title, old.text, old.remedy, old.url,
		old.benchmark, old.score, old.vector, old.published
	FROM record_now AS r WHERE TRUE
	ON CONFLICT (advisory, by_seq) DO NOTHING;
END;

CREATE TABLE affects_was (
	advisory INTEGER NOT NULL,
	part     INTEGER NOT NULL,
	by_seq   INTEGER NOT NULL,
	by_at    INTEGER NOT NULL,
	fixed_in TEXT NOT NULL,
	fix      TEXT NOT NULL,
	PRIMARY KEY (advisory, part, by_seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TRIGGER affects_told AFTER UPDATE OF fixed_in, fix ON affects
WHEN new.fixed_in <> old.fixed_in OR new.fix <> old.fix BEGIN
	INSERT INTO affects_was (advisory, part, by_seq, by_at, fixed_in, fix)
	SELECT old.advisory, old.part, r.seq, r.at, old.fixed_in, old.fix
	FROM record_now AS r WHERE TRUE
	ON CONFLICT (advisory, part, by_seq) DO NOTHING;
END;

-- ---- what an asset turned out to hold, and where, after it was known: layer -1, not at all ----

CREATE TABLE holds_was (
	part   INTEGER NOT NULL,
	asset  INTEGER NOT NULL,
	by_seq INTEGER NOT NULL,
	by_at  INTEGER NOT NULL,
	PRIMARY KEY (part, asset)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TABLE location_was (
	asset  INTEGER NOT NULL,
	part   INTEGER NOT NULL,
	path   INTEGER NOT NULL,
	by_seq INTEGER NOT NULL,
	by_at  INTEGER NOT NULL,
	layer  INTEGER NOT NULL,
	PRIMARY KEY (asset, part, path, by_seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TRIGGER location_told AFTER UPDATE OF layer ON location
WHEN new.layer <> old.layer AND old.asset <= (SELECT asset FROM things_before) BEGIN
	INSERT INTO location_was (asset, part, path, by_seq, by_at, layer)
	SELECT old.asset, old.part, old.path, r.seq, r.at, old.layer
	FROM record_now AS r WHERE TRUE
	ON CONFLICT (asset, part, path, by_seq) DO NOTHING;
END;

-- ---- names that came after what they name ----

CREATE TABLE advisory_alias_was (
	name     TEXT NOT NULL,
	advisory INTEGER NOT NULL,
	by_seq   INTEGER NOT NULL,
	by_at    INTEGER NOT NULL,
	PRIMARY KEY (name, advisory)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TRIGGER advisory_alias_told AFTER INSERT ON advisory_alias
WHEN new.advisory <= (SELECT advisory FROM things_before) BEGIN
	INSERT INTO advisory_alias_was (name, advisory, by_seq, by_at)
	SELECT new.name, new.advisory, r.seq, r.at
	FROM record_now AS r WHERE TRUE
	ON CONFLICT (name, advisory) DO NOTHING;
END;
CREATE TABLE cluster_alias_was (
	name   TEXT NOT NULL PRIMARY KEY,
	by_seq INTEGER NOT NULL
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TRIGGER cluster_alias_told AFTER INSERT ON cluster_alias BEGIN
	INSERT INTO cluster_alias_was (name, by_seq)
	SELECT new.name, r.seq
	FROM record_now AS r WHERE TRUE
	ON CONFLICT (name) DO NOTHING;
END;
