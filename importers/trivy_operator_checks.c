/* SPDX-License-Identifier: MIT */
/* trivy_operator_checks.c - the checks of trivy-operator's reports, and controls over them. */
#include "importers/trivy_operator.h"
#include "importers/trivy_result.h"
#include "importers/value.h"

enum {
	C_ID, C_TITLE, C_TEXT, C_REMEDIATION, C_SEVERITY, C_SUCCESS, C_MESSAGES, C_TARGET, C_SELF,
	C_COUNT
};
const struct read_field operator_check_field[OPERATOR_CHECK] = {
	[C_ID]          = { "checkID" },
	[C_TITLE]       = { "title" },
	[C_TEXT]        = { "description" },
	[C_REMEDIATION] = { "remediation" },
	[C_SEVERITY]    = { "severity" },
	[C_SUCCESS]     = { "success" },
	[C_MESSAGES]    = { "messages", READ_LIST },
	[C_TARGET]      = { "target" },
	[C_SELF]        = { "" },
};

enum { K_ID, K_TITLE, K_TEXT, K_SEVERITY, K_TOTAL, K_FAILED, K_PASSED };
const struct read_field operator_control_field[OPERATOR_CONTROL] = {
	[K_ID]       = { "id" },
	[K_TITLE]    = { "name" },
	[K_TEXT]     = { "description" },
	[K_SEVERITY] = { "severity" },
	[K_TOTAL]    = { "totalFail" },
	[K_FAILED]   = { "failTotal" },
	[K_PASSED]   = { "passTotal" },
};

static const char *first_text(const char *a, const char *b)
{
	return a != NULL ? a : b;
}

bool operator_put(struct operator *o, const struct record *rec, struct err *e)
{
	return o->sink->put(o->sink, rec, e);
}

bool operator_cover(struct operator *o, enum finding_kind kind, const char *scope, int64_t passed,
                    struct err *e)
{
	const struct record rec = {
		.kind = REC_COVER,
		.u.cover = { .kind = kind, .scope = scope, .passed = passed },
	};

	return operator_put(o, &rec, e);
}

/* ---- checks ---- */

static void fill_check(struct operator *o, const struct read_record *r, struct rec_check *c)
{
	const char *id = read_text(r, C_ID), *s = NULL;

	c->kind = FINDING_MISCONFIGURATION;
	c->verdict = read_true(r, C_SUCCESS) ? VERDICT_PASS : VERDICT_FAIL;
	c->raw = read_text(r, C_SUCCESS);
	c->rule.id = id == NULL ? NULL : trivy_check_id(&o->row, id);
	c->rule.alias = str_eq(c->rule.id, id) ? NULL : id;
	c->rule.title = read_text(r, C_TITLE);
	c->rule.text = read_text(r, C_TEXT);
	c->rule.remediation = read_text(r, C_REMEDIATION);
	c->rule.severity_raw = read_text(r, C_SEVERITY);
	c->rule.severity = severity_fold(c->rule.severity_raw);
	while ((s = read_item(r, C_MESSAGES, s)) != NULL)
		c->message = value_join(&o->row, c->message, "; ", s);
}

bool operator_on_check(void *ctx, const struct read_record *r, struct err *e)
{
	struct operator *o = ctx;
	struct record rec = { .kind = REC_CHECK };

	if (o->report != REPORT_CHECKS)
		return true;
	if (read_text(r, C_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (read_text(r, C_ID) == NULL && read_text(r, C_TITLE) == NULL)
		return read_skip(r, "no checkID", e);
	if (read_text(r, C_SUCCESS) == NULL)
		return read_skip(r, "no success", e);
	arena_reset(&o->row);
	fill_check(o, r, &rec.u.check);
	/* a check that lost its id is told by its title */
	rec.u.check.rule.id = first_text(rec.u.check.rule.id, rec.u.check.rule.title);
	rec.u.check.scope = o->object;
	rec.u.check.place = o->place;
	o->passes += rec.u.check.verdict == VERDICT_PASS;
	return operator_put(o, &rec, e);
}

/* ---- compliance: controls over the checks of the whole cluster ---- */

static const char *control_id(struct operator *o, const struct read_record *control)
{
	return value_join(&o->row, o->benchmark, ":", read_text(control, K_ID));
}

bool operator_on_control(void *ctx, const struct read_record *r, struct err *e)
{
	struct operator *o = ctx;

	if (o->report != REPORT_CONTROLS && o->report != REPORT_DETAILS)
		return true;
	if (read_text(r, K_ID) == NULL)
		return read_skip(r, "no id", e);
	arena_reset(&o->row);
	return operator_cover(o, FINDING_MISCONFIGURATION, control_id(o, r), 0, e);
}

/* A control that nothing fails has one row, which names no check: it is the control that passes. */
bool operator_on_control_check(void *ctx, const struct read_record *r, struct err *e)
{
	struct operator *o = ctx;
	struct record rec = { .kind = REC_CHECK };
	struct rec_check *c = &rec.u.check;

	if (o->report != REPORT_CONTROLS || read_text(r->up, K_ID) == NULL)
		return true;
	if (read_text(r, C_SUCCESS) == NULL)
		return read_skip(r, "no success", e);
	arena_reset(&o->row);
	fill_check(o, r, c);
	c->benchmark = o->benchmark;
	c->scope = control_id(o, r->up);
	c->place = read_text(r, C_TARGET);
	c->rule.id = first_text(c->rule.id, c->scope);
	c->rule.title = first_text(c->rule.title, read_text(r->up, K_TITLE));
	if (c->rule.severity_raw == NULL) {
		c->rule.severity_raw = read_text(r->up, K_SEVERITY);
		c->rule.severity = severity_fold(c->rule.severity_raw);
	}
	return operator_put(o, &rec, e);
}

/* ---- Starboard's details ---- */

enum { D_KIND, D_RULE };
const struct read_field operator_detail_check_field[OPERATOR_DETAIL_CHECK] = {
	[D_KIND] = { "objectType" },
	[D_RULE] = { "id" },
};
enum { D_NAME, D_SPACE, D_MESSAGE, D_STATUS };
const struct read_field operator_detail_field[OPERATOR_DETAIL] = {
	[D_NAME]    = { "name" },
	[D_SPACE]   = { "namespace" },
	[D_MESSAGE] = { "msg" },
	[D_STATUS]  = { "status" },
};

/* What stands for a control as a whole names no object; its place is then the kind looked for. */
bool operator_on_detail(void *ctx, const struct read_record *r, struct err *e)
{
	struct operator *o = ctx;
	const struct read_record *check = r->up, *control = check->up;
	const char *status = read_text(r, D_STATUS), *id = read_text(check, D_RULE);
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind      = FINDING_MISCONFIGURATION,
			.benchmark = o->benchmark,
			.verdict   = str_eq(status, "PASS") ? VERDICT_PASS :
			             str_eq(status, "FAIL") ? VERDICT_FAIL : VERDICT_WARN,
			.raw       = status,
			.message   = read_text(r, D_MESSAGE),
			.rule      = {
				.title        = read_text(control, K_TITLE),
				.text         = read_text(control, K_TEXT),
				.severity     = severity_fold(read_text(control, K_SEVERITY)),
				.severity_raw = read_text(control, K_SEVERITY),
			},
		},
	};
	struct rec_check *c = &rec.u.check;

	if (o->report != REPORT_DETAILS || read_text(control, K_ID) == NULL)
		return true;
	if (status == NULL)
		return read_skip(r, "no status", e);
	arena_reset(&o->row);
	c->scope = control_id(o, control);
	c->place = value_join(&o->row, read_text(check, D_KIND), "/",
	                      value_join(&o->row, read_text(r, D_SPACE), "/",
	                                 read_text(r, D_NAME)));
	c->rule.id = id == NULL ? c->scope : trivy_check_id(&o->row, id);
	c->rule.alias = id == NULL || str_eq(c->rule.id, id) ? NULL : id;
	return operator_put(o, &rec, e);
}

/* ---- summaries ---- */

/* A summary has but the number of failures; a control without one is for people to check. */
static enum verdict control_verdict(const struct read_record *r, int64_t *failed)
{
	int64_t passed = 0;

	if (read_int(r, K_TOTAL, 0, INT64_MAX, failed))
		return *failed > 0 ? VERDICT_FAIL : VERDICT_PASS;
	if (!read_int(r, K_FAILED, 0, INT64_MAX, failed))
		return VERDICT_MANUAL;
	if (*failed > 0)
		return VERDICT_FAIL;
	return read_int(r, K_PASSED, 1, INT64_MAX, &passed) ? VERDICT_PASS : VERDICT_MANUAL;
}

bool operator_on_summary(void *ctx, const struct read_record *r, struct err *e)
{
	struct operator *o = ctx;
	int64_t failed = 0;
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind      = FINDING_MISCONFIGURATION,
			.benchmark = o->benchmark,
			.verdict   = control_verdict(r, &failed),
			.raw       = first_text(read_text(r, K_TOTAL), read_text(r, K_FAILED)),
			.rule      = {
				.title        = read_text(r, K_TITLE),
				.text         = read_text(r, K_TEXT),
				.severity     = severity_fold(read_text(r, K_SEVERITY)),
				.severity_raw = read_text(r, K_SEVERITY),
			},
		},
	};

	if (!operator_on_control(ctx, r, e))
		return false;
	if (o->report != REPORT_CONTROLS || read_text(r, K_ID) == NULL)
		return true;
	rec.u.check.rule.id = rec.u.check.scope = control_id(o, r);
	if (failed > 0)
		rec.u.check.message = arena_printf(&o->row, "%s failed", rec.u.check.raw);
	return operator_put(o, &rec, e);
}
