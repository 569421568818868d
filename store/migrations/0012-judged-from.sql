-- What the judgement asks for after every import, and may be little of its table.
CREATE INDEX image_running ON image (asset) WHERE running > 0;
CREATE INDEX cover_secret ON cover (asset, at) WHERE kind = 2 AND complete = 1;
