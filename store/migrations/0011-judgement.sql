-- What was judged of the estate when it last changed. Holds as long as the newest audit record,
-- what exceptions were settled to, the program and the policies are the same, and now is within.
CREATE TABLE judgement (
	id       INTEGER PRIMARY KEY, -- 1
	seq      INTEGER NOT NULL, -- newest audit record
	settled  INTEGER NOT NULL, -- up to when exceptions were settled
	edition  INTEGER NOT NULL, -- hash of the program's version and of the policies
	since    INTEGER NOT NULL, -- seconds UTC; holds from then ...
	until    INTEGER NOT NULL, -- ... up to, not including
	images   INTEGER NOT NULL, -- images that count, ...
	running  INTEGER NOT NULL, -- ... that run, ...
	stale    INTEGER NOT NULL, -- ... without a scan that is recent enough
	refused  INTEGER NOT NULL, -- images that run and the gate refuses, ...
	denied   INTEGER NOT NULL  -- ... that admission denied
) /*sqlite*/ STRICT;
CREATE TABLE judged_control (
	control   INTEGER NOT NULL PRIMARY KEY,
	framework INTEGER NOT NULL,
	baselines INTEGER NOT NULL, -- bits of store/judgement.h
	word      INTEGER NOT NULL, -- enum control_word
	tested    INTEGER NOT NULL  -- has a class with evidence: 0, 1
) /*sqlite*/ STRICT;
