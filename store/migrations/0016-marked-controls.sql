-- The text of a control with its parts and parameters marked (record.h), where the file that it
-- came from tells them apart: what a profile changes in it is found there. '' where it does not.
ALTER TABLE control ADD COLUMN marked TEXT NOT NULL DEFAULT '';
