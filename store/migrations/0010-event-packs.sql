-- What many events say, and their bytes, in packs: an event's own row is a tenth of what it was.
-- The texts of an event lie in its row, or in the last pack that begins at or before its id.
CREATE TABLE event_pack (
	first  INTEGER PRIMARY KEY, -- id of the first of its events
	fields BLOB NOT NULL,       -- packed, see event_pack.h
	raw    BLOB NOT NULL        -- likewise; of those whose bytes are kept
) /*sqlite*/ STRICT;

-- An alert is of one asset: one index leads to the events of both.
DROP INDEX event_by_alert;
DROP INDEX event_by_asset;
CREATE INDEX event_by_asset ON event (asset, ts_ns, id, alert) WHERE asset > 0;
