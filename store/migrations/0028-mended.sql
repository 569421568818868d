-- A finding is due until the end of its day (24:00Z), whichever second of it was worked out before.
UPDATE finding SET due = (due / 86400 + 1) * 86400 - 1
WHERE due BETWEEN 1 AND 9223372036854775806;
UPDATE clock SET due = (due / 86400 + 1) * 86400 - 1
WHERE due BETWEEN 1 AND 9223372036854775806;
UPDATE problem SET due = (due / 86400 + 1) * 86400 - 1
WHERE due BETWEEN 1 AND 9223372036854775806;
UPDATE image SET due = (due / 86400 + 1) * 86400 - 1
WHERE due BETWEEN 1 AND 9223372036854775806;

-- Who says that there is a signature undoes no verification of it: where that happened, what was
-- verified stands again.
INSERT INTO signature (image, predicate, signer, issuer, result, log_index, signed_at, at, scan)
SELECT image, predicate, signer, issuer, result, log_index, signed_at, at, scan
FROM (SELECT v.*, row_number() OVER (PARTITION BY image, predicate, signer, issuer
		ORDER BY at DESC, scan DESC) AS r,
		max(CASE WHEN result IN (0, 2, 3) THEN 1 ELSE 0 END)
			OVER (PARTITION BY image, predicate, signer, issuer) AS proved
	FROM signature_seen AS v
	WHERE result <> 4) AS v
WHERE r = 1 AND proved = 1
ON CONFLICT (image, predicate, signer, issuer) DO UPDATE
SET result = excluded.result, log_index = excluded.log_index, signed_at = excluded.signed_at,
	at = excluded.at, scan = excluded.scan
WHERE signature.result = 4;
