/* SPDX-License-Identifier: MIT */
/* trivy_result.h - a Trivy result: what all of Trivy's reports have in common. */
#ifndef TRIVY_RESULT_H
#define TRIVY_RESULT_H

#include "importers/importer.h"
#include "importers/read.h"
#include "importers/wrapped.h"

/* The object of a cluster that the current result may be of; all NULL outside of those reports. */
struct trivy_object {
	const char *target; /* by which a result names it: "Service/web"   */
	const char *place;  /* of it in its asset; NULL: it is the asset   */
};

/*
 * The control of a compliance report that the current result belongs to; all NULL outside of those.
 */
struct trivy_control {
	const char *benchmark, *scope;
	const char *title, *severity; /* for checks that do not tell theirs */
};

/*
 * What is known while one file is read; the ctx of every function below. Starts zeroed but for its
 * first part.
 */
struct trivy {
	struct sink              *sink;
	const struct source      *src;
	const struct import_opts *opts;
	/* Put the scan and the asset that `result` speaks of, unless they are the current ones. */
	bool (*settle)(struct trivy *t, const struct read_record *result, struct err *e);

	/* of the current asset */
	bool     settled;
	unsigned covered; /* kinds told to be complete, bits 1 << enum finding_kind */
	bool     results; /* it has a result */
	/* of the current result */
	bool     checks; /* it has rows of checks   */
	int64_t  passes; /* rows of checks that pass */

	struct subject       of; /* what the report is attested of */
	struct trivy_object  object;
	struct trivy_control control;

	bool         any;   /* the file holds a report or a result */
	struct arena mem;   /* dies with the row                   */
	struct arena outer; /* dies with the object or control     */
};

/* Fields of a result; a row finds its result in `r->up`. */
enum { T_SELF, T_TARGET, T_CLASS, T_TYPE, T_SUCCESSES, T_FAILURES, T_COUNT };
/* How many fields the rows have. */
enum {
	TRIVY_VULNERABILITY = 24, TRIVY_PACKAGE = 8, TRIVY_CHECK = 12, TRIVY_SECRET = 5,
	TRIVY_LICENCE = 8, TRIVY_MODIFIED = 19,
};
#define TRIVY_RESULT_FIELDS \
	[T_SELF]      = { "" }, \
	[T_TARGET]    = { "Target" }, \
	[T_CLASS]     = { "Class" }, \
	[T_TYPE]      = { "Type" }, \
	[T_SUCCESSES] = { "MisconfSummary.Successes" }, \
	[T_FAILURES]  = { "MisconfSummary.Failures" }
extern const struct read_field trivy_result_field[T_COUNT];
extern const struct read_field trivy_vulnerability_field[TRIVY_VULNERABILITY];
extern const struct read_field trivy_package_field[TRIVY_PACKAGE];
extern const struct read_field trivy_check_field[TRIVY_CHECK];
extern const struct read_field trivy_secret_field[TRIVY_SECRET];
extern const struct read_field trivy_licence_field[TRIVY_LICENCE];
extern const struct read_field trivy_modified_field[TRIVY_MODIFIED];
read_fn trivy_on_result, trivy_end_result;
read_fn trivy_on_vulnerability, trivy_on_package, trivy_on_check, trivy_on_secret;
read_fn trivy_on_licence, trivy_on_modified;

/*
 * The rows of a scope table for the results at `path`, a string literal; `on` is trivy_on_result or
 * calls it.
 */
#define TRIVY_SCOPES(path, on) \
	{ path, trivy_result_field, T_COUNT, on, trivy_end_result }, \
	TRIVY_ROWS(path)
/* Of those, the rows below a result. */
#define TRIVY_ROWS(path) \
	{ path ".Packages[]", trivy_package_field, TRIVY_PACKAGE, trivy_on_package, NULL }, \
	{ path ".Vulnerabilities[]", trivy_vulnerability_field, TRIVY_VULNERABILITY, \
	  trivy_on_vulnerability, NULL }, \
	{ path ".Misconfigurations[]", trivy_check_field, TRIVY_CHECK, trivy_on_check, NULL }, \
	{ path ".Secrets[]", trivy_secret_field, TRIVY_SECRET, trivy_on_secret, NULL }, \
	{ path ".Licenses[]", trivy_licence_field, TRIVY_LICENCE, trivy_on_licence, NULL }, \
	{ path ".ExperimentalModifiedFindings[]", trivy_modified_field, TRIVY_MODIFIED, \
	  trivy_on_modified, NULL }

/* The scan is complete for this kind of the current asset; says so once. */
bool trivy_cover(struct trivy *t, enum finding_kind kind, struct err *e);

/*
 * What kind of packages the result holds: its type, or what its target tells ("debian"). Lives in
 * `mem` or the record.
 */
const char *trivy_package_type(struct arena *mem, const struct read_record *result);
/*
 * Where the packages of a result lie that have no path of their own: the lock file; NULL for an
 * operating system.
 */
const char *trivy_package_path(struct arena *mem, const struct read_record *result);

/*
 * The id of a check in its newest spelling, which lives in `mem`: DS002 and AVD-DS-0002 are
 * DS-0002, so that an upgrade of the scanner does not make new findings out of old ones. Ids of the
 * user's own rules stay as they are.
 */
const char *trivy_check_id(struct arena *mem, const char *id);

/* Where a finding is: the target, with the resource or package in it, if any. Lives in `mem`. */
const char *trivy_place(struct arena *mem, const char *target, const char *inside);

#endif
