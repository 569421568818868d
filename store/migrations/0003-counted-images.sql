-- What the overview and the judgement ask of all images that count is read from this index alone.
CREATE INDEX image_counted ON image (scanned_at, db_built, eol, running, current)
	WHERE running > 0 OR current > 0;
