-- Decisions on findings: exceptions of people, statements of machines (VEX, suppressions), and
-- which findings each of them holds.

CREATE TABLE exception ( -- rows are added, never rewritten
	id            INTEGER PRIMARY KEY,
	seq           INTEGER NOT NULL, -- its audit record
	kind          INTEGER NOT NULL, -- enum finding_state
	reach         INTEGER NOT NULL, -- enum except_reach
	severity      INTEGER NOT NULL DEFAULT -1, -- risk-adjusted: what it counts as
	check_in      INTEGER NOT NULL DEFAULT 0,  -- vendor: when to ask again
	reason        TEXT NOT NULL,
	justification TEXT NOT NULL DEFAULT '',
	control       TEXT NOT NULL DEFAULT '', -- what compensates meanwhile
	requester     TEXT NOT NULL,
	approver      TEXT NOT NULL DEFAULT '',
	target        TEXT NOT NULL, -- what it speaks of, in words
	at            INTEGER NOT NULL, -- holds from
	until         INTEGER NOT NULL, -- up to, not including; 2^63-1: no end
	renews        INTEGER NOT NULL DEFAULT 0 -- exception that it takes the place of
) /*sqlite*/ STRICT;
CREATE INDEX exception_order ON exception (until, id);
CREATE TABLE exception_end ( -- revoked, or renewed by another
	exception INTEGER NOT NULL PRIMARY KEY REFERENCES exception (id),
	seq       INTEGER NOT NULL,
	at        INTEGER NOT NULL,
	actor     TEXT NOT NULL,
	reason    TEXT NOT NULL DEFAULT '',
	renewal   INTEGER NOT NULL DEFAULT 0
) /*sqlite*/ STRICT;

-- What a decision speaks of, one row a target; made from the tables above and from statements, to
-- be found by advisory. A row holds a finding when each of package, part, place and holder does: 0
-- is any.
CREATE TABLE decides (
	advisory INTEGER NOT NULL, -- 0: any
	maker    INTEGER NOT NULL, -- exception, or minus a statement
	package  INTEGER NOT NULL,
	part     INTEGER NOT NULL,
	place    INTEGER NOT NULL, -- repository, or minus an asset
	holder   INTEGER NOT NULL, -- the asset holds this part, or minus this package
	state    INTEGER NOT NULL,
	severity INTEGER NOT NULL,
	check_in INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	until    INTEGER NOT NULL,
	PRIMARY KEY (advisory, maker, package, part, place, holder)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX decides_by_maker ON decides (maker);

-- Findings whose state is a decision's now: "now" is meta 'settled_at'.
CREATE TABLE decided (
	asset    INTEGER NOT NULL,
	advisory INTEGER NOT NULL,
	part     INTEGER NOT NULL,
	maker    INTEGER NOT NULL,
	state    INTEGER NOT NULL, -- risk-adjusted and vendor: the finding itself is open
	check_in INTEGER NOT NULL,
	PRIMARY KEY (asset, advisory, part)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX decided_by_maker ON decided (maker);

-- Times at which a decision begins or ends: what lies between settled_at and now is settled.
CREATE TABLE decision_edge (
	at    INTEGER NOT NULL,
	maker INTEGER NOT NULL,
	PRIMARY KEY (at, maker)
) /*sqlite*/ STRICT, WITHOUT ROWID;

-- Products that statements name and nobody has seen yet.
CREATE TABLE awaited (
	product   TEXT NOT NULL, -- digest, or normalised reference with tag
	statement INTEGER NOT NULL REFERENCES statement (id),
	PRIMARY KEY (product, statement)
) /*sqlite*/ STRICT, WITHOUT ROWID;

-- A span that follows from a decision's beginning or end rather than from a scan. Such spans may
-- lie ahead; what a scan says later takes them back and lays them anew.
ALTER TABLE span ADD COLUMN planned INTEGER NOT NULL DEFAULT 0;
