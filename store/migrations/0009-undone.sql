-- Acts that were taken back. Rows are added, never rewritten: what an undone record wrote stays,
-- and is passed over by the views below.
CREATE TABLE undone (
	seq    INTEGER NOT NULL PRIMARY KEY, -- audit record that was taken back
	by_seq INTEGER NOT NULL              -- audit record that took it back
) /*sqlite*/ STRICT;

CREATE VIEW standing_answer AS
	SELECT *
	FROM answer
	WHERE NOT EXISTS (SELECT 1 FROM undone WHERE undone.seq = answer.seq);

CREATE VIEW standing_note AS
	SELECT *
	FROM note
	WHERE NOT EXISTS (SELECT 1 FROM undone WHERE undone.seq = note.seq);
