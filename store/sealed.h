/* SPDX-License-Identifier: MIT */
/* sealed.h - which of all that was said of a signature holds. */
#ifndef SEALED_H
#define SEALED_H

/*
 * Of each (image, predicate, signer, issuer) in table `seen` the newest word: SIGNATURE_PRESENT, a
 * claim that nobody verified, holds only where no verification found a signature, good or bad.
 */
#define SQL_SIGNATURES(seen, where)                                                                \
	"SELECT image, predicate, signer, issuer, result, log_index, signed_at, at, scan\n"        \
	"FROM (SELECT p.*, row_number() OVER (PARTITION BY image, predicate, signer, issuer\n"     \
	"    ORDER BY CASE WHEN result = 4 THEN proved ELSE 0 END, at DESC, scan DESC) AS r\n"     \
	"  FROM (SELECT v.*, max(CASE WHEN result IN (0, 2, 3) THEN 1 ELSE 0 END)\n"               \
	"      OVER (PARTITION BY image, predicate, signer, issuer) AS proved\n"                   \
	"    FROM " seen " AS v\n" where ") AS p) AS o\n"                                          \
	"WHERE r = 1\n"

/* What holds now of those that `where` says, in the table of signatures. */
#define SQL_SIGNATURES_HOLD(where)                                                                 \
	"INSERT INTO signature (image, predicate, signer, issuer, result, log_index, signed_at,\n" \
	"                       at, scan)\n"                                                       \
	SQL_SIGNATURES("signature_seen", where)                                                    \
	"ON CONFLICT (image, predicate, signer, issuer) DO UPDATE\n"                               \
	"SET result = excluded.result, log_index = excluded.log_index,\n"                          \
	"    signed_at = excluded.signed_at, at = excluded.at, scan = excluded.scan"

#endif
