/* SPDX-License-Identifier: MIT */
/* merge.h - what the merging of images, advisories and clusters has in common; private to store/.
 */
#ifndef MERGE_H
#define MERGE_H

#include "store/ingest.h"

struct place { /* where a finding is kept */
	int64_t asset, advisory, part;
};

/* Remember a merge for the audit trail. */
void merge_note(struct ingest *ig, const char *kind, int64_t keep, int64_t gone, const char *name);
/* Re-key one finding with its spans and sightings; where both are kept, the earliest since and all
 * sightings stay. */
bool merge_finding(struct ingest *ig, const struct place *to, const struct place *from,
		   struct err *e) MUST_CHECK;
/* Findings, locations, parts, check results, covers, notes and owners of an asset. */
bool merge_asset_rows(struct ingest *ig, int64_t keep, int64_t gone, struct err *e) MUST_CHECK;
bool merge_asset_name(struct ingest *ig, int64_t asset, const char **out, struct err *e) MUST_CHECK;
void merge_touch(struct ingest *ig, int64_t keep, int64_t gone);

/* Notes and owners of a thing; of an asset, whatever its kind; of all problems of an advisory. The
 * owner is whom the newer of two records names. */
bool merge_people(struct ingest *ig, const struct scope *keep, const struct scope *gone,
		  struct err *e) MUST_CHECK;
bool merge_people_of_asset(struct ingest *ig, int64_t keep, int64_t gone,
			   struct err *e) MUST_CHECK;
bool merge_people_of_problems(struct ingest *ig, int64_t keep, int64_t gone,
			      struct err *e) MUST_CHECK;

/* Statements with $1 kept and $2 gone; with $1 gone. */
bool merge_run_pair(struct ingest *ig, const char *sql, int64_t keep, int64_t gone,
		    struct err *e) MUST_CHECK;
bool merge_run_pairs(struct ingest *ig, const char *const *sql, size_t n, int64_t keep,
		     int64_t gone, struct err *e) MUST_CHECK;
bool merge_run_ones(struct ingest *ig, const char *const *sql, size_t n, int64_t id,
		    struct err *e) MUST_CHECK;

#endif
