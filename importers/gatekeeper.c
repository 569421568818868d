/* SPDX-License-Identifier: MIT */
/* gatekeeper.c - constraints with their violations, as the cluster holds them. Spec: .spec below.
 */
#include "importers/gatekeeper_doop.h"
#include "importers/gatekeeper_log.h"
#include "importers/gator.h"
#include "importers/kube.h"
#include "importers/read.h"
#include "importers/source.h"

enum {
	C_GROUP, C_KIND, C_NAME, C_SEVERITY, C_TEXT, C_AUDITED, C_TOTAL, C_LISTED, C_ACTION,
	C_COUNT
};
static const struct read_field constraint_fields[C_COUNT] = {
	[C_GROUP] = { "apiVersion" },
	[C_KIND] = { "kind" },
	[C_NAME] = { "metadata.name" },
	[C_SEVERITY] = { "metadata.labels.severity" },
	[C_TEXT] = { "metadata.annotations.description" },
	[C_AUDITED] = { "status.auditTimestamp" },
	[C_TOTAL] = { "status.totalViolations" },
	[C_LISTED] = { "status.violations[].kind" },
	[C_ACTION] = { "spec.enforcementAction" },
};

enum { V_ACTION, V_ACTIONS, V_KIND, V_NAME, V_NAMESPACE, V_MESSAGE, V_COUNT };
static const struct read_field violation_fields[V_COUNT] = {
	[V_ACTION] = { "enforcementAction" },
	[V_ACTIONS] = { "enforcementActions", READ_LIST },
	[V_KIND] = { "kind" },
	[V_NAME] = { "name" },
	[V_NAMESPACE] = { "namespace" },
	[V_MESSAGE] = { "message" },
};

struct constraints {
	struct sink *sink;
	struct arena mem;   /* strings of the record at hand */
	bool         known; /* the constraint at hand is one, and has been audited */
	bool         any;   /* a scan was put */
};

static bool is_constraint(const char *group)
{
	return group != NULL && str_prefix(group, "constraints.gatekeeper.sh/");
}

static const char *rule_of(struct constraints *c, const struct read_record *r)
{
	return arena_printf(&c->mem, "%s/%s", read_text(r, C_KIND), read_text(r, C_NAME));
}

/*
 * The cluster as a whole: the constraint was tried on all of it. The cover's scope is the
 * constraint, and so is that of every violation, wherever it is: what the list no longer names is
 * no longer violated.
 */
static bool put_cluster(struct constraints *c, const struct read_record *r, bool cut, struct err *e)
{
	struct record asset = { .kind = REC_ASSET, .u.asset = { .kind = ASSET_CLUSTER } };
	struct record cover = { .kind = REC_COVER, .u.cover = { .kind = FINDING_POLICY } };
	cover.u.cover.scope = rule_of(c, r);
	return c->sink->put(c->sink, &asset, e) && (cut || c->sink->put(c->sink, &cover, e));
}

static bool put_pass(struct constraints *c, const struct read_record *r, struct err *e)
{
	struct record rec = { .kind = REC_CHECK, .u.check = { .at = 0 } };
	struct rec_check *k = &rec.u.check;
	k->kind = FINDING_POLICY;
	k->rule.id = k->scope = rule_of(c, r);
	k->rule.text = read_text(r, C_TEXT);
	k->raw = read_text(r, C_ACTION);
	k->rule.severity = gatekeeper_severity(read_text(r, C_SEVERITY), k->raw);
	k->rule.severity_raw = read_text(r, C_SEVERITY);
	k->verdict = VERDICT_PASS;
	k->message = "no violations";
	return c->sink->put(c->sink, &rec, e);
}

static bool put_constraint(struct constraints *c, const struct read_record *r, struct err *e)
{
	struct record rec = { .kind = REC_SCAN, .u.scan = { .source = "gatekeeper" } };
	int64_t listed = (int64_t)read_count(r, C_LISTED), total = listed;
	rec.u.scan.at = read_time(r, C_AUDITED);
	bool said = read_int(r, C_TOTAL, 0, INT32_MAX, &total);
	if (said && total > listed)
		rec.u.scan.partial = arena_printf(&c->mem, "%s: %lld of %lld violations are listed",
		                                  rule_of(c, r), (long long)listed,
		                                  (long long)total);
	c->any = true;
	if (!c->sink->put(c->sink, &rec, e) || !put_cluster(c, r, total > listed, e))
		return false;
	return total > 0 || put_pass(c, r, e);
}

static bool on_constraint(void *ctx, const struct read_record *r, struct err *e)
{
	struct constraints *c = ctx;
	arena_reset(&c->mem);
	c->known = false;
	if (str_eq(read_text(r, C_KIND), "List") || (read_text(r, C_KIND) != NULL && r->up == NULL
	    && str_suffix(read_text(r, C_KIND), "List") && read_text(r, C_NAME) == NULL))
		return true;
	if (!is_constraint(read_text(r, C_GROUP)))
		return read_skip(r, "not a constraint", e);
	if (read_text(r, C_KIND) == NULL || read_text(r, C_NAME) == NULL)
		return read_skip(r, "a constraint without kind or name", e);
	if (read_text(r, C_AUDITED) == NULL && r->value[C_TOTAL].type == READ_NONE
	    && read_count(r, C_LISTED) == 0)
		return read_skip(r, "never audited", e); /* no violations, and no evidence either */
	c->known = true;
	return put_constraint(c, r, e);
}

static bool on_violation(void *ctx, const struct read_record *r, struct err *e)
{
	struct constraints *c = ctx;
	struct gatekeeper_violation v = { .rule_text = read_text(r->up, C_TEXT) };
	if (!c->known)
		return true;
	arena_reset(&c->mem);
	if (r->value[V_KIND].type != READ_STRING || r->value[V_NAME].type != READ_STRING)
		return read_skip(r, "a violation without kind or name of its object", e);
	v.rule = rule_of(c, r->up);
	v.action = read_text(r, V_ACTION);
	if (str_eq(v.action, "scoped") && read_item(r, V_ACTIONS, NULL) != NULL)
		v.strictest = read_item(r, V_ACTIONS, NULL);
	v.severity = read_text(r->up, C_SEVERITY);
	v.kind = read_text(r, V_KIND);
	v.space = read_text(r, V_NAMESPACE);
	v.name = read_text(r, V_NAME);
	v.message = read_text(r, V_MESSAGE);
	return gatekeeper_put(c->sink, &c->mem, &v, e);
}

static const struct read_scope scopes[] = {
	{ "", constraint_fields, C_COUNT, on_constraint, NULL },
	{ "status.violations[]", violation_fields, V_COUNT, on_violation, NULL },
	{ "items[]", constraint_fields, C_COUNT, on_constraint, NULL },
	{ "items[].status.violations[]", violation_fields, V_COUNT, on_violation, NULL },
	{ "[]", constraint_fields, C_COUNT, on_constraint, NULL },
	{ "[].items[]", constraint_fields, C_COUNT, on_constraint, NULL },
	{ "[].items[].status.violations[]", violation_fields, V_COUNT, on_violation, NULL },
	{ "[].status.violations[]", violation_fields, V_COUNT, on_violation, NULL },
};

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	enum gatekeeper_form form;
	if (!gatekeeper_form(src, &form, e))
		return false;
	if (form == GATEKEEPER_LOG)
		return gatekeeper_read_log(src, o->at, out, e);
	if (form == GATEKEEPER_TEST)
		return gator_read(src, out, e);
	if (form == GATEKEEPER_DOOP)
		return doop_read(src, out, e);
	struct constraints c = { .sink = out, .mem = ARENA_INIT };
	struct read_opts opts = { .sink = out };
	bool ok = read_document(src, scopes, LENGTH(scopes), &c, &opts, e);
	struct record none = { .kind = REC_SCAN, .u.scan = { .source = "gatekeeper" } };
	ok = ok && (c.any || out->put(out, &none, e));
	arena_release(&c.mem);
	return ok;
}

static int sniff(const struct peek *p)
{
	if (is_constraint(peek_text(p, "apiVersion"))
	    || is_constraint(peek_text(p, "items[0].apiVersion")))
		return 95;
	int other = gator_sniff(p);
	if (other == 0)
		other = doop_sniff(p);
	return other > 0 ? other : gatekeeper_sniff_log(p);
}

const struct importer importer_gatekeeper = {
	.id = "gatekeeper",
	.title = "Gatekeeper constraints, audit and webhook logs, gator test, doop",
	.spec = "https://open-policy-agent.github.io/gatekeeper/website/docs/audit/",
	.sniff = sniff,
	.run = run,
};
