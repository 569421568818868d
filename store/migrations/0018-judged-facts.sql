-- What the judgement that is kept was judged by: an import finds anew what it bears on.
CREATE TABLE judged_class (
	class      INTEGER NOT NULL PRIMARY KEY,
	open       INTEGER NOT NULL, -- as struct fact has them
	excepted   INTEGER NOT NULL,
	passed     INTEGER NOT NULL,
	covered    INTEGER NOT NULL,
	applicable INTEGER NOT NULL,
	oldest     INTEGER NOT NULL,
	newest     INTEGER NOT NULL,
	manual     INTEGER NOT NULL,
	outdated   INTEGER NOT NULL,
	unfixed    INTEGER NOT NULL
) /*sqlite*/ STRICT;
CREATE TABLE judged_rule ( -- of rules with check results
	advisory   INTEGER NOT NULL PRIMARY KEY,
	class      INTEGER NOT NULL,
	images     INTEGER NOT NULL, -- some are of images: 0, 1
	span       INTEGER NOT NULL, -- seconds that they stay good
	open       INTEGER NOT NULL,
	excepted   INTEGER NOT NULL,
	passed     INTEGER NOT NULL,
	covered    INTEGER NOT NULL,
	applicable INTEGER NOT NULL,
	oldest     INTEGER NOT NULL,
	newest     INTEGER NOT NULL,
	manual     INTEGER NOT NULL
) /*sqlite*/ STRICT;
CREATE INDEX advisory_class ON advisory (class) WHERE class > 0;
CREATE INDEX alert_open ON alert (rule, asset) WHERE state < 3;
