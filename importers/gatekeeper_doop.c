/* SPDX-License-Identifier: MIT */
/*
 * gatekeeper_doop.c - doop's reports: the violations of all constraints of one cluster or of
 * several, those that are alike in groups.
 */
#include "importers/gatekeeper_doop.h"
#include "importers/gatekeeper_log.h"
#include "importers/read.h"

enum { T_KIND, T_COUNT };
static const struct read_field template_fields[T_COUNT] = { [T_KIND] = { "kind" } };

enum { C_NAME, C_SEVERITY, C_TEXT, C_AUDITED, C_COUNT };
static const struct read_field constraint_fields[C_COUNT] = {
	[C_NAME] = { "name" },
	[C_SEVERITY] = { "metadata.severity" },
	[C_TEXT] = { "metadata.docstring" },
	[C_AUDITED] = { "metadata.auditTimestamp" },
};

/* Of a violation, of what a group's have in common, and of what one of a group has for itself. */
enum { V_KIND, V_NAME, V_SPACE, V_MESSAGE, V_CLUSTER, V_COUNT };
#define FIELDS(at)                                                                                 \
	{                                                                                          \
		[V_KIND] = { at "kind" }, [V_NAME] = { at "name" },                                \
		[V_SPACE] = { at "namespace" }, [V_MESSAGE] = { at "message" },                    \
		[V_CLUSTER] = { at "cluster" },                                                    \
	}
static const struct read_field violation_fields[V_COUNT] = FIELDS("");
static const struct read_field group_fields[V_COUNT] = FIELDS("pattern.");

struct doop {
	struct sink *sink;
	struct arena mem; /* strings of the violation at hand */
	int64_t at;       /* of the scan that was put         */
	bool any;         /* one was                          */
};

static bool put_scan(struct doop *d, int64_t at, struct err *e)
{
	struct record rec = { .kind = REC_SCAN, .u.scan = { .source = "gatekeeper", .at = at } };
	if (d->any && d->at == at)
		return true;
	rec.u.scan.partial = "doop does not say how many violations the audit left out";
	d->any = true;
	d->at = at;
	return d->sink->put(d->sink, &rec, e);
}

/* `r`, or where that is silent what is around it: the group's pattern. */
static bool put(struct doop *d, const struct read_record *r, const struct read_record *group,
                const struct read_record *constraint, struct err *e)
{
	const char *text[V_COUNT];
	struct gatekeeper_violation v = { .rule_text = read_text(constraint, C_TEXT) };
	const char *kind = read_text(constraint->up, T_KIND), *name = read_text(constraint, C_NAME);
	for (size_t i = 0; i < V_COUNT; i++) {
		text[i] = read_text(r, i);
		if (text[i] == NULL && group != NULL)
			text[i] = read_text(group, i);
	}
	if (kind == NULL || name == NULL)
		return read_skip(r, "a violation without kind or name of its constraint", e);
	if (text[V_KIND] == NULL || text[V_NAME] == NULL)
		return read_skip(r, "a violation without kind or name of its object", e);
	arena_reset(&d->mem);
	v.rule = arena_printf(&d->mem, "%s/%s", kind, name);
	v.severity = read_text(constraint, C_SEVERITY);
	v.kind = text[V_KIND];
	v.space = text[V_SPACE];
	v.name = text[V_NAME];
	v.message = text[V_MESSAGE];
	v.cluster = text[V_CLUSTER];
	return put_scan(d, read_time(constraint, C_AUDITED), e)
	       && gatekeeper_put(d->sink, &d->mem, &v, e);
}

static bool on_violation(void *ctx, const struct read_record *r, struct err *e)
{
	return put(ctx, r, NULL, r->up, e);
}

static bool on_instance(void *ctx, const struct read_record *r, struct err *e)
{
	return put(ctx, r, r->up, r->up->up, e);
}

static const struct read_scope scopes[] = {
	{ "templates[]", template_fields, T_COUNT, NULL, NULL },
	{ "templates[].constraints[]", constraint_fields, C_COUNT, NULL, NULL },
	{ "templates[].constraints[].violations[]", violation_fields, V_COUNT, on_violation, NULL },
	{ "templates[].constraints[].violation_groups[]", group_fields, V_COUNT, NULL, NULL },
	{ "templates[].constraints[].violation_groups[].instances[]", violation_fields, V_COUNT,
	  on_instance, NULL },
};

bool doop_read(const struct source *src, struct sink *out, struct err *e)
{
	struct doop d = { .sink = out, .mem = ARENA_INIT };
	struct read_opts opts = { .sink = out };
	bool ok = read_document(src, scopes, LENGTH(scopes), &d, &opts, e)
	          && (d.any || put_scan(&d, 0, e));
	arena_release(&d.mem);
	return ok;
}

bool doop_is(const char *head)
{
	return strstr(head, "\"cluster_identit") != NULL && strstr(head, "\"templates\"") != NULL;
}

int doop_sniff(const struct peek *p)
{
	return (peek_has(p, "cluster_identity") || peek_has(p, "cluster_identities"))
	                       && peek_has(p, "templates")
	               ? 90 : 0;
}
