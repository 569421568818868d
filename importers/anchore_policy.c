/* SPDX-License-Identifier: MIT */
/*
 * anchore_policy.c - what Anchore's policies say of an image: the evaluations of Anchore Engine, of
 * Enterprise and of anchorectl. Spec: .spec below.
 */
#include "importers/scanner.h"

enum {
	R_DIGEST, R_DIGEST_2, R_TAG, R_TAG_2, R_TAG_3, R_TIME, R_TIME_2, R_COUNT
};
static const struct read_field report_field[R_COUNT] = {
	[R_DIGEST]   = { "digest" },
	[R_DIGEST_2] = { "imageDigest" },
	[R_TAG]      = { "tag" },
	[R_TAG_2]    = { "evaluatedTag" },
	[R_TAG_3]    = { "detail[].tag", READ_LIST },
	[R_TIME]     = { "lastEvaluation" },
	[R_TIME_2]   = { "evaluations[].evaluationTime", READ_LIST },
};

enum { D_SELF, D_TEXT, D_GATE, D_TRIGGER, D_ID, D_STATUS, D_REMEDY, D_ALLOWED, D_COUNT };
static const struct read_field detail_field[D_COUNT] = {
	[D_SELF]    = { "" },
	[D_TEXT]    = { "description" },
	[D_GATE]    = { "gate" },
	[D_TRIGGER] = { "triggerName" },
	[D_ID]      = { "triggerId" },
	[D_STATUS]  = { "status" },
	[D_REMEDY]  = { "recommendation" },
	[D_ALLOWED] = { "allowlisted" },
};

enum { T_TIME, T_ACTIONS, T_COUNT };
static const struct read_field tag_field[T_COUNT] = {
	[T_TIME]    = { "last_evaluation" },
	[T_ACTIONS] = { "detail.result.result{}.result.final_action", READ_LIST },
};

/* Engine's rows are arrays; before these come the image's id and its tag. */
enum {
	ROW_TRIGGER_ID = 2, ROW_GATE, ROW_TRIGGER, ROW_TEXT, ROW_ACTION, ROW_ALLOWED, ROW_POLICY
};
enum { L_CELLS, L_COUNT };
static const struct read_field row_field[L_COUNT] = {
	[L_CELLS] = { "", READ_LIST },
};

static enum verdict verdict_of(const char *action, bool allowed)
{
	static const char *const word[] = { "stop", "warn", "go" };
	static const enum verdict verdict[] = { VERDICT_FAIL, VERDICT_WARN, VERDICT_PASS };
	int i = str_index(word, LENGTH(word), action);

	if (i < 0)
		return VERDICT_COUNT;
	return allowed ? VERDICT_SKIP : verdict[i];
}

/* A rule is a gate's trigger; the id of one firing of it tells two in one image apart. */
static bool put_check(struct scanner *s, const struct read_record *r, const char *gate,
                      const char *trigger, struct rec_check *c, struct err *e)
{
	const struct record *rec;

	if (gate == NULL || trigger == NULL)
		return read_skip(r, "no gate and trigger", e);
	if (c->verdict == VERDICT_COUNT)
		return read_skip(r, "unknown action", e);
	c->kind = FINDING_POLICY;
	c->rule.id = arena_printf(&s->mem, "%s/%s", gate, trigger);
	c->rule.severity = SEV_UNKNOWN;
	rec = &(struct record){ .kind = REC_CHECK, .u.check = *c };
	return scanner_put(s, rec, e);
}

/* ---- Enterprise and anchorectl ---- */

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;
	const char *tag = scanner_text(r, R_TAG, R_TAG_2), *late = read_item(r, R_TIME_2, NULL);
	const char *digest = scanner_text(r, R_DIGEST, R_DIGEST_2);
	int64_t at = read_time(r, R_TIME);

	if (tag == NULL)
		tag = read_item(r, R_TAG_3, NULL);
	if (tag == NULL && digest == NULL)
		return true;
	if (at == 0 && (late == NULL || !time_parse(late, &at)))
		at = 0;
	return scanner_scan(s, &(struct rec_scan){ .source = "anchore", .at = at }, e) &&
	       scanner_image(s, &(struct scanner_image){
		.name = tag, .kind = DIGEST_MANIFEST, .digest = digest }, e) &&
	       scanner_cover(s, FINDING_POLICY, e);
}

static bool on_detail(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;

	arena_reset(&s->mem);
	return put_check(s, r, read_text(r, D_GATE), read_text(r, D_TRIGGER), &(struct rec_check){
		.verdict = verdict_of(read_text(r, D_STATUS), read_true(r, D_ALLOWED)),
		.raw     = read_text(r, D_STATUS),
		.place   = read_text(r, D_ID),
		.message = read_text(r, D_TEXT),
		.rule    = { .remediation = read_text(r, D_REMEDY) },
	}, e);
}

/* ---- Engine: {"sha256:...": {"name:tag": [evaluation]}} ---- */

static bool on_evaluation(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;

	if (read_count(r, T_ACTIONS) == 0)
		return err_set(e, ERR_FORMAT, "the evaluation holds no detail.result.result: "
		               "have it written with --detail");
	return scanner_scan(s, &(struct rec_scan){
		.source = "anchore", .at = read_time(r, T_TIME) }, e) &&
	       scanner_image(s, &(struct scanner_image){
		.name = r->up->key, .kind = DIGEST_MANIFEST, .digest = r->up->up->key }, e) &&
	       scanner_cover(s, FINDING_POLICY, e);
}

static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;
	const char *cell[ROW_POLICY + 1] = { NULL }, *item = NULL;
	size_t n = 0;

	while (n < LENGTH(cell) && (item = read_item(r, L_CELLS, item)) != NULL)
		cell[n++] = item;
	if (n <= ROW_ALLOWED)
		return read_skip(r, "too few cells", e);
	arena_reset(&s->mem);
	return put_check(s, r, cell[ROW_GATE], cell[ROW_TRIGGER], &(struct rec_check){
		.verdict = verdict_of(cell[ROW_ACTION], str_ieq(cell[ROW_ALLOWED], "true")),
		.raw     = cell[ROW_ACTION],
		.place   = cell[ROW_TRIGGER_ID],
		.message = cell[ROW_TEXT],
	}, e);
}

#define ENGINE "[]{}{}[]"
static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report },
	{ "detail[]", detail_field, D_COUNT, on_detail },
	{ "evaluations[].details[]", detail_field, D_COUNT, on_detail },
	{ "[]", report_field, R_COUNT, on_report },
	{ "[].detail[]", detail_field, D_COUNT, on_detail },
	{ "[].evaluations[].details[]", detail_field, D_COUNT, on_detail },
	{ "[]{}", tag_field, T_COUNT, NULL },
	{ "[]{}{}", row_field, L_COUNT, NULL },
	{ ENGINE, tag_field, T_COUNT, on_evaluation },
	{ ENGINE ".detail.result.result{}.result.rows[]", row_field, L_COUNT, on_row },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "finalAction") && peek_has(p, "detail"))
		return 95;
	if (peek_has(p, "evaluations[0].finalAction") && peek_has(p, "policyId"))
		return 95;
	return peek_open(p) == '[' && peek_key_like(p, "sha256:", NULL) &&
	       strstr(peek_head(p), "\"detail\"") != NULL ? 90 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct scanner s = { .sink = out, .opts = o };

	return scanner_read(&s, src, scope, LENGTH(scope), "Anchore's policies", e);
}

const struct importer importer_anchore_policy = {
	.id    = "anchore-policy",
	.title = "Anchore policy evaluation",
	.spec  = "https://docs.anchore.com/current/docs/compliance_management/",
	.sniff = sniff,
	.run   = run,
};
