-- The word of a control from a day on, as it was judged at the last change of that day; a day
-- without a row is as the last one before it that has one.
CREATE TABLE judged_word (
	control INTEGER NOT NULL,
	day     INTEGER NOT NULL, -- days since 1970, of the clock
	word    INTEGER NOT NULL, -- enum control_word
	seq     INTEGER NOT NULL, -- newest audit record then
	PRIMARY KEY (control, day)
) /*sqlite*/ STRICT, WITHOUT ROWID;
