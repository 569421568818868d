-- The first schema. Times are seconds UTC, *_ns nanoseconds; 0 means "not known" or "still so"
-- where a time may be absent.
-- Key columns are NOT NULL so that row values compare; enums are the numbers of record.h and
-- store.h.

CREATE TABLE meta (
	-- 'counter' of the audit chain, 'policy', 'settled_at', ...
	name  TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) /*sqlite*/ STRICT, WITHOUT ROWID;

-- ---- who did what: append-only, each record holds the hash of the one before ----

CREATE TABLE audit (
	seq    INTEGER NOT NULL PRIMARY KEY,
	at     INTEGER NOT NULL,
	actor  TEXT NOT NULL,
	act    TEXT NOT NULL, -- 'import', 'answer', 'note', 'merge', ...
	object TEXT NOT NULL,
	before TEXT NOT NULL DEFAULT '',
	after  TEXT NOT NULL DEFAULT '',
	prev   BLOB NOT NULL, -- SHA-256 of the record before; 32 zero bytes for the first
	hash   BLOB NOT NULL UNIQUE
) /*sqlite*/ STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
	SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
	SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

-- ---- texts stored once ----

CREATE TABLE text (
	id   INTEGER PRIMARY KEY,
	hash BLOB NOT NULL UNIQUE, -- first 16 bytes of SHA-256 of body
	body TEXT NOT NULL
) /*sqlite*/ STRICT;
CREATE TABLE word ( -- severity words and the like, as the tools spell them
	id   INTEGER PRIMARY KEY,
	body TEXT NOT NULL UNIQUE
) /*sqlite*/ STRICT;

-- ---- sources, imports, scans ----

CREATE TABLE source (
	id   INTEGER PRIMARY KEY,
	word TEXT NOT NULL UNIQUE -- 'trivy'
) /*sqlite*/ STRICT;

CREATE TABLE import (
	id          INTEGER PRIMARY KEY,
	seq         INTEGER NOT NULL, -- its audit record
	sha256      BLOB NOT NULL,    -- of the file as delivered
	size        INTEGER NOT NULL,
	name        TEXT NOT NULL,
	importer    TEXT NOT NULL,
	cluster     TEXT NOT NULL DEFAULT '', -- options given, part of what makes a duplicate
	node        TEXT NOT NULL DEFAULT '',
	image       TEXT NOT NULL DEFAULT '',
	at          INTEGER NOT NULL DEFAULT 0,
	imported_at INTEGER NOT NULL,
	UNIQUE (sha256, importer, cluster, node, image, at)
) /*sqlite*/ STRICT;
CREATE TABLE import_count (
	import     INTEGER NOT NULL REFERENCES import (id),
	what       TEXT NOT NULL, -- 'findings', 'checks', 'events', ...
	read       INTEGER NOT NULL,
	created    INTEGER NOT NULL,
	reopened   INTEGER NOT NULL,
	unchanged  INTEGER NOT NULL,
	resolved   INTEGER NOT NULL,
	PRIMARY KEY (import, what)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TABLE import_skip (
	import INTEGER NOT NULL REFERENCES import (id),
	n      INTEGER NOT NULL,
	place  TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (import, n)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE scan (
	id          INTEGER PRIMARY KEY,
	import      INTEGER NOT NULL REFERENCES import (id),
	source      INTEGER NOT NULL REFERENCES source (id),
	version     TEXT NOT NULL DEFAULT '',
	at          INTEGER NOT NULL,
	at_inferred INTEGER NOT NULL DEFAULT 0,
	db_built    INTEGER NOT NULL DEFAULT 0,
	cluster     INTEGER NOT NULL DEFAULT 0, -- asset
	node        INTEGER NOT NULL DEFAULT 0, -- asset
	partial     TEXT NOT NULL DEFAULT ''    -- why; '' complete
) /*sqlite*/ STRICT;
CREATE INDEX scan_by_source ON scan (source, at, id);
CREATE INDEX scan_by_import ON scan (import);

-- What a scan looked at: the newest complete row of a key ends what it no longer shows.
CREATE TABLE cover (
	asset    INTEGER NOT NULL,
	source   INTEGER NOT NULL,
	kind     INTEGER NOT NULL, -- enum finding_kind
	scope    INTEGER NOT NULL, -- package of type '@scope'; 0: all of the kind
	at       INTEGER NOT NULL,
	scan     INTEGER NOT NULL,
	complete INTEGER NOT NULL,
	passed   INTEGER NOT NULL DEFAULT 0,
	rows     INTEGER NOT NULL DEFAULT 0,  -- findings it showed
	lowest   INTEGER NOT NULL DEFAULT 0,  -- least severe rank among them: a filter shows here
	unfixed  INTEGER NOT NULL DEFAULT 0,  -- how many had no fix: likewise
	PRIMARY KEY (asset, source, kind, scope, at, scan)
) /*sqlite*/ STRICT, WITHOUT ROWID;

-- ---- assets ----

CREATE TABLE asset (
	id     INTEGER PRIMARY KEY,
	kind   INTEGER NOT NULL,           -- enum asset_kind
	-- namespace, host: cluster; workload: namespace or cluster; container: workload
	parent INTEGER NOT NULL DEFAULT 0,
	-- image: its first digest, or 'name:' and the reference while unpinned
	name   TEXT NOT NULL,
	UNIQUE (kind, parent, name)
) /*sqlite*/ STRICT;
CREATE INDEX asset_by_parent ON asset (parent, kind, name, id);

CREATE TABLE repository (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE -- registry/path without tag, normalised
) /*sqlite*/ STRICT;

CREATE TABLE image (
	asset      INTEGER NOT NULL PRIMARY KEY REFERENCES asset (id),
	-- what a person calls it: newest name, else short digest
	name       TEXT NOT NULL,
	repository INTEGER NOT NULL DEFAULT 0, -- of that name; 0: none
	os         TEXT NOT NULL DEFAULT '',
	arch       TEXT NOT NULL DEFAULT '',
	base       TEXT NOT NULL DEFAULT '',
	built      INTEGER NOT NULL DEFAULT 0,
	eol        INTEGER NOT NULL DEFAULT 0,
	unpinned   INTEGER NOT NULL DEFAULT 0,
	current    INTEGER NOT NULL DEFAULT 0, -- holds a name now
	running    INTEGER NOT NULL DEFAULT 0, -- containers in the newest inventories
	exposed    INTEGER NOT NULL DEFAULT 0, -- 0 no, 1 exposed?, 2 exposed
	scanned_at INTEGER NOT NULL DEFAULT 0, -- newest complete vulnerability scan
	db_built   INTEGER NOT NULL DEFAULT 0, -- of that scan's database
	-- roll-up of its open findings, all kinds
	critical   INTEGER NOT NULL DEFAULT 0,
	high       INTEGER NOT NULL DEFAULT 0,
	medium     INTEGER NOT NULL DEFAULT 0,
	low        INTEGER NOT NULL DEFAULT 0,
	negligible INTEGER NOT NULL DEFAULT 0,
	unknown    INTEGER NOT NULL DEFAULT 0,
	kev        INTEGER NOT NULL DEFAULT 0,
	epss       INTEGER NOT NULL DEFAULT 0, -- highest, times 10,000
	fixable    INTEGER NOT NULL DEFAULT 0,
	due        INTEGER NOT NULL DEFAULT 9223372036854775807, -- earliest
	-- lower is worse: -(critical 10^8 + high 10^4 + medium)
	risk       INTEGER NOT NULL DEFAULT 0
) /*sqlite*/ STRICT;
CREATE INDEX image_order ON image (due, risk, asset);
CREATE INDEX image_by_repository ON image (repository, asset);
CREATE INDEX image_by_name ON image (name, asset);

CREATE TABLE digest ( -- config, manifest, unknown: one image each
	value TEXT NOT NULL PRIMARY KEY,
	kind  INTEGER NOT NULL,
	image INTEGER NOT NULL REFERENCES image (asset)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX digest_by_image ON digest (image);
CREATE TABLE index_digest ( -- an index stands for several images
	value TEXT NOT NULL,
	image INTEGER NOT NULL REFERENCES image (asset),
	PRIMARY KEY (value, image)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX index_digest_by_image ON index_digest (image);
CREATE TABLE image_name (
	name       TEXT NOT NULL, -- normalised reference with tag
	since      INTEGER NOT NULL,
	image      INTEGER NOT NULL REFERENCES image (asset),
	until      INTEGER NOT NULL DEFAULT 0, -- 0: holds it now; since: it only ran under it
	seen       INTEGER NOT NULL,           -- newest scan that saw it so
	repository INTEGER NOT NULL REFERENCES repository (id),
	seq        INTEGER NOT NULL,
	PRIMARY KEY (name, since, image)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX image_name_by_image ON image_name (image, until);
CREATE INDEX image_name_by_repository ON image_name (repository, image);

CREATE TABLE cluster (
	asset    INTEGER NOT NULL PRIMARY KEY REFERENCES asset (id),
	uid      TEXT NOT NULL DEFAULT '', -- of its kube-system namespace
	version  TEXT NOT NULL DEFAULT '',
	nodes    INTEGER NOT NULL DEFAULT 0,
	images   INTEGER NOT NULL DEFAULT 0,
	pods     INTEGER NOT NULL DEFAULT 0,
	data_at  INTEGER NOT NULL DEFAULT 0, -- newest data of any source
	services INTEGER NOT NULL DEFAULT 0  -- a service inventory is there: 0 none
) /*sqlite*/ STRICT;
CREATE TABLE cluster_alias (
	name    TEXT NOT NULL PRIMARY KEY,
	cluster INTEGER NOT NULL REFERENCES asset (id)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TABLE node ( -- of a cluster, or a host alone
	asset   INTEGER NOT NULL PRIMARY KEY REFERENCES asset (id),
	role    TEXT NOT NULL DEFAULT '',
	version TEXT NOT NULL DEFAULT '',
	os      TEXT NOT NULL DEFAULT '',
	data_at INTEGER NOT NULL DEFAULT 0
) /*sqlite*/ STRICT;
CREATE TABLE workload (
	asset    INTEGER NOT NULL PRIMARY KEY REFERENCES asset (id),
	labels   TEXT NOT NULL DEFAULT '', -- of the pods it makes, 'key=value' lines
	replicas INTEGER NOT NULL DEFAULT -1,
	exposed  INTEGER NOT NULL DEFAULT 0
) /*sqlite*/ STRICT;
CREATE TABLE service (
	namespace INTEGER NOT NULL REFERENCES asset (id),
	name      TEXT NOT NULL,
	type      TEXT NOT NULL,
	selector  TEXT NOT NULL,
	at        INTEGER NOT NULL,
	PRIMARY KEY (namespace, name)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TABLE ingress (
	namespace INTEGER NOT NULL REFERENCES asset (id),
	name      TEXT NOT NULL,
	backends  TEXT NOT NULL, -- service names, a line each
	at        INTEGER NOT NULL,
	PRIMARY KEY (namespace, name)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE container (
	asset     INTEGER NOT NULL PRIMARY KEY REFERENCES asset (id),
	cluster   INTEGER NOT NULL DEFAULT 0, -- asset; 0: a host's own
	node      INTEGER NOT NULL DEFAULT 0, -- asset
	namespace INTEGER NOT NULL DEFAULT 0, -- asset
	workload  INTEGER NOT NULL DEFAULT 0, -- asset
	image     INTEGER NOT NULL DEFAULT 0, -- asset
	-- how the image was found: 1 manifest, 2 config, 3 name, 4 container, 5 workload
	join_rung INTEGER NOT NULL DEFAULT 0,
	pod       TEXT NOT NULL DEFAULT '',
	pod_uid   TEXT NOT NULL DEFAULT '',
	name      TEXT NOT NULL DEFAULT '',
	id12      TEXT NOT NULL DEFAULT '',
	id64      TEXT NOT NULL DEFAULT '',
	reference TEXT NOT NULL DEFAULT '',   -- the image as it was asked for
	running   INTEGER NOT NULL DEFAULT 0, -- in the newest inventory of its place
	host_port INTEGER NOT NULL DEFAULT 0,
	first_at  INTEGER NOT NULL DEFAULT 0,
	last_at   INTEGER NOT NULL DEFAULT 0
) /*sqlite*/ STRICT;
CREATE INDEX container_by_id ON container (id12);
CREATE INDEX container_by_image ON container (image, running, cluster, namespace);
CREATE INDEX container_by_workload ON container (workload, asset);
CREATE INDEX container_by_namespace ON container (namespace, asset);
CREATE INDEX container_by_cluster ON container (cluster, asset);
CREATE INDEX container_by_pod ON container (pod, namespace, name);
CREATE INDEX container_by_uid ON container (pod_uid) WHERE pod_uid <> '';
CREATE TABLE inventory ( -- newest per place
	place INTEGER NOT NULL PRIMARY KEY REFERENCES asset (id), -- namespace or host
	at    INTEGER NOT NULL,
	scan  INTEGER NOT NULL
) /*sqlite*/ STRICT;

-- ---- weaknesses, packages, places ----

CREATE TABLE advisory (
	id        INTEGER PRIMARY KEY,
	-- 0: a known vulnerability; else the tool whose rule it is
	source    INTEGER NOT NULL DEFAULT 0,
	name      TEXT NOT NULL,              -- 'CVE-2024-3094'; rule id in its normal spelling
	kind      INTEGER NOT NULL,           -- enum finding_kind
	class     INTEGER NOT NULL DEFAULT 0, -- class of a rule; 0: unmapped, or a vulnerability
	severity  INTEGER NOT NULL DEFAULT 5, -- a rule's own
	title     TEXT NOT NULL DEFAULT '',
	text      INTEGER NOT NULL DEFAULT 0, -- text
	remedy    INTEGER NOT NULL DEFAULT 0, -- text
	url       TEXT NOT NULL DEFAULT '',
	benchmark TEXT NOT NULL DEFAULT '',   -- 'cis-1.8'
	score     INTEGER NOT NULL DEFAULT -1, -- CVSS times 10
	vector    TEXT NOT NULL DEFAULT '',
	epss      INTEGER NOT NULL DEFAULT 0, -- times 10,000
	kev       INTEGER NOT NULL DEFAULT 0,
	kev_added INTEGER NOT NULL DEFAULT 0,
	kev_due   INTEGER NOT NULL DEFAULT 0,
	published INTEGER NOT NULL DEFAULT 0,
	UNIQUE (source, name)
) /*sqlite*/ STRICT;
CREATE TABLE advisory_alias (
	name     TEXT NOT NULL,
	advisory INTEGER NOT NULL REFERENCES advisory (id),
	related  INTEGER NOT NULL DEFAULT 0, -- 1: related, not the same
	PRIMARY KEY (name, advisory)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX advisory_alias_back ON advisory_alias (advisory);

CREATE TABLE package ( -- type '@scope': what a place lies in
	id   INTEGER PRIMARY KEY,
	type TEXT NOT NULL,
	name TEXT NOT NULL,
	UNIQUE (type, name)
) /*sqlite*/ STRICT;
CREATE INDEX package_by_name ON package (name, id);
CREATE TABLE part ( -- a package in a version, or a place in a scope
	id      INTEGER PRIMARY KEY,
	package INTEGER NOT NULL REFERENCES package (id),
	version TEXT NOT NULL,
	UNIQUE (package, version)
) /*sqlite*/ STRICT;
CREATE TABLE affects ( -- an advisory in a part, wherever it is seen; fixes are the same everywhere
	advisory INTEGER NOT NULL,
	part     INTEGER NOT NULL,
	fixed_in TEXT NOT NULL DEFAULT '',
	fix      TEXT NOT NULL DEFAULT '', -- the tool's word for the state of a fix
	n        INTEGER NOT NULL DEFAULT 0, -- assets that count and have it open
	PRIMARY KEY (advisory, part)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TABLE holds ( -- which assets hold a part: from findings and from component lists
	part  INTEGER NOT NULL,
	asset INTEGER NOT NULL,
	PRIMARY KEY (part, asset)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TABLE location (
	asset INTEGER NOT NULL,
	part  INTEGER NOT NULL,
	path  INTEGER NOT NULL, -- text
	layer INTEGER NOT NULL DEFAULT 0, -- text
	PRIMARY KEY (asset, part, path)
) /*sqlite*/ STRICT, WITHOUT ROWID;

-- ---- findings ----

CREATE TABLE finding (
	asset    INTEGER NOT NULL,
	advisory INTEGER NOT NULL,
	part     INTEGER NOT NULL,
	severity INTEGER NOT NULL, -- worst of the live sightings
	state    INTEGER NOT NULL, -- enum finding_state
	since    INTEGER NOT NULL, -- earliest scan time that showed it
	due      INTEGER NOT NULL, -- 2^63-1: none
	PRIMARY KEY (asset, advisory, part)
) /*sqlite*/ STRICT, WITHOUT ROWID;
-- With the state, which is always 0 here, the index covers its own condition: filters need not read
-- the table.
CREATE INDEX finding_open ON finding (severity, due, asset, advisory, part, state)
	WHERE state = 0;

CREATE TABLE sighting (
	asset    INTEGER NOT NULL,
	advisory INTEGER NOT NULL,
	part     INTEGER NOT NULL,
	source   INTEGER NOT NULL,
	severity INTEGER NOT NULL,
	word     INTEGER NOT NULL, -- word
	score    INTEGER NOT NULL, -- CVSS times 10 as this source has it; -1
	until    INTEGER NOT NULL DEFAULT 0, -- 0: this source still sees it
	PRIMARY KEY (asset, advisory, part, source)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE span ( -- written only when state or severity changes after the first interval
	asset     INTEGER NOT NULL,
	advisory  INTEGER NOT NULL,
	part      INTEGER NOT NULL,
	at        INTEGER NOT NULL,
	seq       INTEGER NOT NULL,
	until_seq INTEGER NOT NULL DEFAULT 0,
	state     INTEGER NOT NULL,
	severity  INTEGER NOT NULL,
	PRIMARY KEY (asset, advisory, part, at, seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE clock (
	repository INTEGER NOT NULL, -- repository, or minus the asset that has none
	advisory   INTEGER NOT NULL,
	package    INTEGER NOT NULL, -- 0 for a rule
	ended      INTEGER NOT NULL, -- 0: runs
	start      INTEGER NOT NULL,
	due        INTEGER NOT NULL, -- earliest of its findings; 2^63-1: none
	n          INTEGER NOT NULL, -- open findings on it, of assets that count
	PRIMARY KEY (repository, advisory, package, ended)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX clock_by_due ON clock (advisory, package, due) WHERE ended = 0;

CREATE TABLE problem ( -- roll-up over assets that count (running or current)
	advisory INTEGER NOT NULL,
	package  INTEGER NOT NULL, -- 0 for a rule
	severity INTEGER NOT NULL,
	no_kev   INTEGER NOT NULL, -- 0: exploited in the wild
	epss     INTEGER NOT NULL, -- 10,000 minus EPSS times 10,000
	due      INTEGER NOT NULL, -- earliest; 2^63-1 when none
	assets   INTEGER NOT NULL, -- with it open
	running  INTEGER NOT NULL, -- of them running
	versions INTEGER NOT NULL, -- affects rows with n > 0
	critical INTEGER NOT NULL, -- open findings by severity: the worst is known when one goes
	high     INTEGER NOT NULL,
	medium   INTEGER NOT NULL,
	low      INTEGER NOT NULL,
	negligible INTEGER NOT NULL,
	unknown  INTEGER NOT NULL,
	PRIMARY KEY (advisory, package)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX problem_order ON problem (due, no_kev, epss, severity, advisory, package)
	WHERE assets > 0;

CREATE TABLE check_result ( -- the newest verdict of each source
	asset    INTEGER NOT NULL,
	advisory INTEGER NOT NULL, -- the rule
	part     INTEGER NOT NULL, -- the place
	source   INTEGER NOT NULL,
	verdict  INTEGER NOT NULL,
	word     INTEGER NOT NULL,
	message  INTEGER NOT NULL DEFAULT 0, -- text
	since    INTEGER NOT NULL, -- verdict so since
	at       INTEGER NOT NULL, -- newest scan that said so
	gone     INTEGER NOT NULL DEFAULT 0, -- a newer complete scan no longer has it
	PRIMARY KEY (asset, advisory, part, source)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX check_by_rule ON check_result (advisory, verdict, asset, part, source);

-- ---- what happened ----

CREATE TABLE alert (
	id           INTEGER PRIMARY KEY,
	rule         INTEGER NOT NULL REFERENCES advisory (id),
	asset        INTEGER NOT NULL REFERENCES asset (id), -- container or host
	priority     INTEGER NOT NULL, -- worst
	first_ns     INTEGER NOT NULL,
	last_ns      INTEGER NOT NULL,
	events       INTEGER NOT NULL,
	state        INTEGER NOT NULL, -- enum alert_state
	acknowledged INTEGER NOT NULL DEFAULT 0,
	contained    INTEGER NOT NULL DEFAULT 0,
	closed       INTEGER NOT NULL DEFAULT 0,
	ack_due      INTEGER NOT NULL,
	contain_due  INTEGER NOT NULL,
	close_due    INTEGER NOT NULL,
	next_due     INTEGER NOT NULL  -- of the next step; 2^63-1 once closed
) /*sqlite*/ STRICT;
CREATE INDEX alert_order ON alert (next_due, priority, id);
CREATE INDEX alert_by_rule ON alert (rule, asset, last_ns);
CREATE INDEX alert_by_asset ON alert (asset, id);

CREATE TABLE event (
	id       INTEGER PRIMARY KEY,
	hash     BLOB NOT NULL UNIQUE, -- 16 bytes, model of identity in identity.c
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
CREATE INDEX event_by_time ON event (ts_ns, id);
CREATE INDEX event_by_alert ON event (alert, ts_ns, id) WHERE alert > 0;
CREATE INDEX event_by_asset ON event (asset, ts_ns, id) WHERE asset > 0;
CREATE INDEX event_admission ON event (asset, ts_ns, id) WHERE kind = 1; -- few among many

CREATE TABLE signature (
	image     INTEGER NOT NULL REFERENCES image (asset),
	predicate TEXT NOT NULL DEFAULT '', -- '' a signature, else an attestation's type
	signer    TEXT NOT NULL DEFAULT '',
	issuer    TEXT NOT NULL DEFAULT '',
	result    INTEGER NOT NULL,
	log_index INTEGER NOT NULL DEFAULT -1,
	signed_at INTEGER NOT NULL DEFAULT 0,
	at        INTEGER NOT NULL,
	scan      INTEGER NOT NULL,
	PRIMARY KEY (image, predicate, signer, issuer)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE statement (
	id            INTEGER PRIMARY KEY,
	hash          BLOB NOT NULL UNIQUE, -- of advisory, product, package, status, author
	source        INTEGER NOT NULL,
	import        INTEGER NOT NULL,
	advisory      INTEGER NOT NULL DEFAULT 0,
	asset         INTEGER NOT NULL DEFAULT 0, -- 0: every product it names
	part          INTEGER NOT NULL DEFAULT 0,
	name          TEXT NOT NULL,  -- advisory as it was written
	product       TEXT NOT NULL DEFAULT '',
	status        TEXT NOT NULL,
	justification TEXT NOT NULL DEFAULT '',
	text          INTEGER NOT NULL DEFAULT 0,
	author        TEXT NOT NULL DEFAULT '',
	at            INTEGER NOT NULL,
	outcome       TEXT NOT NULL DEFAULT '' -- 'applied', or why not
) /*sqlite*/ STRICT;

-- ---- frameworks and judgement ----

CREATE TABLE framework (
	id      INTEGER PRIMARY KEY,
	key     TEXT NOT NULL UNIQUE, -- 'PCI-DSS'
	title   TEXT NOT NULL,
	version TEXT NOT NULL DEFAULT '',
	ord     INTEGER NOT NULL DEFAULT 1000, -- where it stands among the others
	totals  TEXT NOT NULL DEFAULT ''       -- attributes: total_BASELINE, its controls in all
) /*sqlite*/ STRICT;
CREATE TABLE control (
	id         INTEGER PRIMARY KEY,
	framework  INTEGER NOT NULL REFERENCES framework (id),
	ident      TEXT NOT NULL, -- '6.3.3'
	ord        INTEGER NOT NULL, -- natural order inside the framework
	title      TEXT NOT NULL,
	section    TEXT NOT NULL DEFAULT '',
	attributes TEXT NOT NULL DEFAULT '',
	text       TEXT NOT NULL DEFAULT '',
	source     TEXT NOT NULL DEFAULT '',
	UNIQUE (framework, ident)
) /*sqlite*/ STRICT;
CREATE INDEX control_order ON control (framework, ord, id);
CREATE TABLE class (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL UNIQUE, -- 'root-user'
	title      TEXT NOT NULL,
	severity   INTEGER NOT NULL,
	record     TEXT NOT NULL, -- 'vulnerability', 'misconfiguration', 'runtime', ...
	topic      TEXT NOT NULL DEFAULT ''
) /*sqlite*/ STRICT;
CREATE TABLE tool_rule ( -- what a tool's rule is, known before any scan shows it
	tool  TEXT NOT NULL,
	rule  TEXT NOT NULL, -- normal spelling; aliases are rows of their own
	class INTEGER NOT NULL REFERENCES class (id),
	PRIMARY KEY (tool, rule)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TABLE class_control (
	class   INTEGER NOT NULL REFERENCES class (id),
	control INTEGER NOT NULL REFERENCES control (id),
	weight  INTEGER NOT NULL, -- 0 primary, 1 supporting, 2 weak
	source  TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (control, class)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX class_control_back ON class_control (class, control);
CREATE TABLE rule_control ( -- a single rule that tests a control
	tool    TEXT NOT NULL,
	rule    TEXT NOT NULL,
	control INTEGER NOT NULL REFERENCES control (id),
	weight  INTEGER NOT NULL,
	source  TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (control, tool, rule)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX rule_control_back ON rule_control (tool, rule, control);
CREATE TABLE crosswalk (
	control INTEGER NOT NULL REFERENCES control (id),
	other   INTEGER NOT NULL REFERENCES control (id),
	weight  INTEGER NOT NULL,
	source  TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (control, other)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX crosswalk_back ON crosswalk (other, control);
CREATE TABLE deadline (
	id         INTEGER PRIMARY KEY,
	framework  INTEGER NOT NULL REFERENCES framework (id),
	ident      TEXT NOT NULL,
	title      TEXT NOT NULL,
	severity   TEXT NOT NULL DEFAULT '',
	-- number, unit, clock_start, citation, valid_from, valid_to, force, ...
	attributes TEXT NOT NULL DEFAULT '',
	text       TEXT NOT NULL DEFAULT '',
	source     TEXT NOT NULL DEFAULT '',
	UNIQUE (framework, ident)
) /*sqlite*/ STRICT;
CREATE TABLE item ( -- of the checklist
	id         INTEGER PRIMARY KEY,
	ident      TEXT NOT NULL UNIQUE, -- 'CN-DATA-01'
	ord        INTEGER NOT NULL,
	section    TEXT NOT NULL,
	title      TEXT NOT NULL,
	attributes TEXT NOT NULL DEFAULT '', -- why, verify, evidence, automatic
	source     TEXT NOT NULL DEFAULT ''
) /*sqlite*/ STRICT;
CREATE INDEX item_order ON item (ord, id);
CREATE TABLE item_class (
	item  INTEGER NOT NULL REFERENCES item (id),
	class INTEGER NOT NULL REFERENCES class (id),
	PRIMARY KEY (item, class)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE TABLE item_control (
	item    INTEGER NOT NULL REFERENCES item (id),
	control INTEGER NOT NULL REFERENCES control (id),
	PRIMARY KEY (item, control)
) /*sqlite*/ STRICT, WITHOUT ROWID;

CREATE TABLE answer ( -- rows are added, never rewritten; the newest valid one stands
	id      INTEGER PRIMARY KEY,
	seq     INTEGER NOT NULL,
	item    INTEGER NOT NULL DEFAULT 0,
	control INTEGER NOT NULL DEFAULT 0,
	verdict INTEGER NOT NULL, -- enum answer
	note    TEXT NOT NULL DEFAULT '',
	actor   TEXT NOT NULL,
	at      INTEGER NOT NULL,
	until   INTEGER NOT NULL  -- falls due again
) /*sqlite*/ STRICT;
CREATE INDEX answer_by_item ON answer (item, id);
CREATE INDEX answer_by_control ON answer (control, id);

CREATE TABLE note (
	id     INTEGER PRIMARY KEY,
	seq    INTEGER NOT NULL,
	object TEXT NOT NULL, -- 'finding 1-2-3', 'image 7', 'alert 4', 'control 12', 'item 3'
	actor  TEXT NOT NULL,
	at     INTEGER NOT NULL,
	body   TEXT NOT NULL
) /*sqlite*/ STRICT;
CREATE INDEX note_by_object ON note (object, id);
CREATE TABLE owner (
	object TEXT NOT NULL,
	at     INTEGER NOT NULL,
	seq    INTEGER NOT NULL,
	until  INTEGER NOT NULL DEFAULT 0,
	name   TEXT NOT NULL,
	PRIMARY KEY (object, at, seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;

-- ---- roll-ups, kept by the import that changes them ----

-- Findings of what counts, by scope: 0 the estate, else an asset (image, host, workload,
-- namespace, cluster).
CREATE TABLE tally (
	scope    INTEGER NOT NULL,
	kind     INTEGER NOT NULL,
	class    INTEGER NOT NULL, -- 0: a vulnerability, or an unmapped rule
	severity INTEGER NOT NULL,
	kev      INTEGER NOT NULL,
	state    INTEGER NOT NULL,
	due_day  INTEGER NOT NULL, -- of the due time; 2^31-1 none
	n        INTEGER NOT NULL,
	PRIMARY KEY (scope, kind, class, severity, kev, state, due_day)
) /*sqlite*/ STRICT, WITHOUT ROWID;

-- In which scopes besides itself an asset is counted now: none for a retired image.
CREATE TABLE counted (
	asset INTEGER NOT NULL,
	scope INTEGER NOT NULL,
	PRIMARY KEY (asset, scope)
) /*sqlite*/ STRICT, WITHOUT ROWID;

-- Verdicts by scope and rule.
CREATE TABLE check_tally (
	scope    INTEGER NOT NULL,
	advisory INTEGER NOT NULL,
	verdict  INTEGER NOT NULL,
	n        INTEGER NOT NULL,
	PRIMARY KEY (scope, advisory, verdict)
) /*sqlite*/ STRICT, WITHOUT ROWID;

-- The estate at the end of each day that brought data: trends.
CREATE TABLE snapshot (
	day      INTEGER NOT NULL,
	scope    INTEGER NOT NULL,
	severity INTEGER NOT NULL,
	kev      INTEGER NOT NULL,
	open     INTEGER NOT NULL,
	came     INTEGER NOT NULL DEFAULT 0, -- opened or reopened that day
	went     INTEGER NOT NULL DEFAULT 0, -- resolved that day
	PRIMARY KEY (day, scope, severity, kev)
) /*sqlite*/ STRICT, WITHOUT ROWID;
