-- What people mark as standing under a rule, and the policies that people put in force.

CREATE TABLE tag (
	object    INTEGER NOT NULL, -- asset; minus a repository
	tag       TEXT NOT NULL,
	since     INTEGER NOT NULL,
	seq       INTEGER NOT NULL,
	until     INTEGER NOT NULL DEFAULT 0, -- 0: it bears it now
	until_seq INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (object, tag, since, seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;
CREATE INDEX tag_now ON tag (tag, object) WHERE until = 0;

CREATE TABLE policy ( -- of the estate; those of tags follow from the tags
	name      TEXT NOT NULL,
	since     INTEGER NOT NULL,
	seq       INTEGER NOT NULL,
	until     INTEGER NOT NULL DEFAULT 0,
	until_seq INTEGER NOT NULL DEFAULT 0,
	hash      BLOB NOT NULL, -- of its text and of all that it extends
	PRIMARY KEY (name, since, seq)
) /*sqlite*/ STRICT, WITHOUT ROWID;
