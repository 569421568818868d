-- What an image holds: without this, counting it read what all of them hold.
CREATE INDEX holds_by_asset ON holds (asset, part);
