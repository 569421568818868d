-- Dates that people set, earlier than the rules' own: each binds the clock that ran when it was
-- set, and ends with it.
CREATE TABLE target (
	advisory   INTEGER NOT NULL,
	package    INTEGER NOT NULL,
	repository INTEGER NOT NULL, -- all three as in clock; repository 0: of all clocks
	at         INTEGER NOT NULL, -- when it was set
	seq        INTEGER NOT NULL,
	until      INTEGER NOT NULL DEFAULT 0, -- 0: it holds now
	until_seq  INTEGER NOT NULL DEFAULT 0,
	due        INTEGER NOT NULL,
	PRIMARY KEY (advisory, package, repository, at, seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX target_now ON target (advisory, package) WHERE until = 0;
