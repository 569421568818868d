-- The last step of a response: whoever has to know was told, or need not be.
ALTER TABLE alert ADD COLUMN report_due INTEGER NOT NULL DEFAULT 9223372036854775807;
ALTER TABLE alert ADD COLUMN reported INTEGER NOT NULL DEFAULT 0;
