-- Rules of alerts that people do not want to hear of for a while: what they detect is kept, and
-- nobody is called for it.
CREATE TABLE mute (
	seq       INTEGER PRIMARY KEY, -- the record that tells of it
	rule      INTEGER NOT NULL,
	place     INTEGER NOT NULL, -- a workload, namespace, ... : an asset; 0: everywhere
	since     INTEGER NOT NULL,
	until     INTEGER NOT NULL, -- as it was said
	ended     INTEGER NOT NULL DEFAULT 0, -- before that; 0: it was not
	ended_seq INTEGER NOT NULL DEFAULT 0,
	who       TEXT NOT NULL,
	reason    TEXT NOT NULL
) /*sqlite*/ STRICT;
CREATE INDEX mute_of ON mute (rule, until);
