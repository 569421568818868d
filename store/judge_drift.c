/* SPDX-License-Identifier: MIT */
/* judge_drift.c - what runs against the rules, or is not signed by whom they trust, as classes of
 * finding that fail controls. */
#include "store/gate_inner.h"
#include "store/judge.h"

static void fail(const struct judge *j, const char *class_name, int64_t n)
{
	for (size_t i = 0; i < j->nclass; i++)
		if (str_eq(j->class_fact[i].name, class_name)) {
			j->class_fact[i].fact.open += n;
			j->class_fact[i].unfixed += n;
		}
}

/* What a policy in scope says of where it comes from; a policy without a word says nothing. */
static void fail_by_reason(const struct judge *j, const struct gate_answer *a)
{
	static const struct {
		const char *rule, *class_name;
	} table[] = {
		{ "base", "unapproved-base-image" },
		{ "registry", "untrusted-registry" },
	};

	for (size_t i = 0; i < a->nreason; i++)
		for (size_t k = 0; k < LENGTH(table); k++)
			if (str_eq(a->reason[i].rule, table[k].rule))
				fail(j, table[k].class_name, 1);
}

static bool in_scope(struct store *st, int64_t scope, int64_t image, bool *yes, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT 1 FROM image AS i\n"
					 "WHERE i.asset = $1 AND " SQL_IN_SCOPE("i.asset", "$2"));
	int64_t found;

	*yes = scope == 0;
	if (*yes)
		return db_done(s, e);
	db_int(s, 1, image);
	db_int(s, 2, scope);
	if (!db_scalar(s, 0, &found, e))
		return false;
	*yes = found != 0;
	return true;
}

bool judge_drift(struct store *st, const struct judge *j, struct err *e)
{
	const struct gate_answer *a;
	int64_t refused, denied;
	size_t n;

	if (!gate_running(st, &a, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool yes;

		if (!in_scope(st, j->scope, a[i].image, &yes, e))
			return false;
		if (yes)
			fail_by_reason(j, &a[i]);
		if (yes && gate_refuses(&a[i]))
			fail(j, "gate-drift", 1);
	}
	if (!drift_counts(st, j->scope, &refused, &denied, e))
		return false;
	fail(j, "admission-drift", denied);
	return true;
}

/* Of one image: when a signature that counts was verified last; 0: none does. */
static void signed_at(const struct judge *j, struct fact *f, int64_t image, int64_t at)
{
	if (image && at)
		image_evidence(f, at);
	else if (image)
		fail(j, "unsigned-image", 1);
}

/*
 * Signatures say something only once any signature data was imported: before, unsigned is not
 * known. One by somebody whom the policy does not trust is as none.
 */
bool judge_signatures(struct store *st, const struct judge *j, struct err *e)
{
	static const char sql[] = "SELECT g.image, g.result, g.signer, g.issuer, g.at\n"
				  "FROM signature AS g JOIN image AS i ON i.asset = g.image\n"
				  "WHERE g.predicate = '' AND (i.running > 0 OR i.current > 0)\n"
				  "  AND " SQL_IN_SCOPE("i.asset", "$1") "\n"
				  "ORDER BY g.image, g.at";
	struct fact none = { .open = 0 }, *f = &none;
	struct stmt *s = db_stmt(st->db, sql);
	int64_t image = 0, at = 0;

	for (size_t i = 0; i < j->nclass; i++)
		if (str_eq(j->class_fact[i].name, "unsigned-image"))
			f = &j->class_fact[i].fact;
	db_int(s, 1, j->scope);
	for (; db_next(s); image = db_column(s, 0)) {
		if (db_column(s, 0) != image) {
			signed_at(j, f, image, at);
			at = 0;
		}
		if (db_column(s, 1) == SIGNATURE_OK &&
		    policy_trusts(j->policy, db_column_text(s, 2), db_column_text(s, 3)))
			at = db_column(s, 4);
	}
	signed_at(j, f, image, at);
	return db_done(s, e);
}
