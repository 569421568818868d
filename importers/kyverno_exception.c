/* SPDX-License-Identifier: MIT */
/* kyverno_exception.c - whom Kyverno's policies do not hold for, and until when. Spec: below. */
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/read.h"

enum {
	X_KIND,
	X_NAME,
	X_NAMESPACE,
	X_LABELS,
	X_CREATED,
	X_KINDS,
	X_NAMES,
	X_SPACES,
	X_ALL_KINDS,
	X_ALL_NAMES,
	X_ALL_SPACES,
	X_COUNT
};
static const struct read_field object_fields[X_COUNT] = {
	[X_KIND] = { "kind" },
	[X_NAME] = { "metadata.name" },
	[X_NAMESPACE] = { "metadata.namespace" },
	[X_LABELS] = { "metadata.labels{}", READ_LIST },
	[X_CREATED] = { "metadata.creationTimestamp" },
	[X_KINDS] = { "spec.match.any[].resources.kinds[]", READ_LIST },
	[X_NAMES] = { "spec.match.any[].resources.names[]", READ_LIST },
	[X_SPACES] = { "spec.match.any[].resources.namespaces[]", READ_LIST },
	[X_ALL_KINDS] = { "spec.match.all[].resources.kinds[]", READ_LIST },
	[X_ALL_NAMES] = { "spec.match.all[].resources.names[]", READ_LIST },
	[X_ALL_SPACES] = { "spec.match.all[].resources.namespaces[]", READ_LIST },
};
enum { P_POLICY, P_RULES, P_NAME, P_COUNT };
static const struct read_field policy_fields[P_COUNT] = {
	[P_POLICY] = { "policyName" },
	[P_RULES] = { "ruleNames", READ_LIST },
	[P_NAME] = { "name" }, /* of policies.kyverno.io, which have no rules */
};

struct exceptions {
	struct sink *sink;
	struct arena mem;
};

static bool put(struct exceptions *x, const struct record *rec, struct err *e)
{
	return x->sink->put(x->sink, rec, e);
}

/* ---- until when ---- */

/* "36h", "5d": seconds; 0: no such thing. Source: Kyverno's cleanup policies, "TTL". */
static int64_t seconds_of(struct arena *mem, const char *ttl)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', DAY_S }, { 'w', 7 * DAY_S } };
	size_t n = ttl == NULL ? 0 : strspn(ttl, "0123456789");
	int64_t count;
	if (n == 0 || ttl[n] == '\0' || ttl[n + 1] != '\0'
	    || !str_int64(arena_dupn(mem, ttl, n), 1, 100000, &count))
		return 0;
	for (size_t i = 0; i < LENGTH(units); i++) {
		if (ttl[n] == units[i].unit)
			return count * units[i].seconds;
	}
	return 0;
}

/* "until 2026-12-01", "without an end" or, where it cannot be told, the label as it is. */
static const char *end_of(struct exceptions *x, const struct read_record *r)
{
	static const char label[] = "cleanup.kyverno.io/ttl";
	const char *ttl = read_pair(r, X_LABELS, label);
	int64_t made = read_time(r, X_CREATED), end = 0, span = seconds_of(&x->mem, ttl);
	char time[21];
	if (str_empty(ttl))
		return "without an end";
	if (span > 0 && made > 0)
		end = made + span;
	else if (!time_parse(ttl, &end)
	         && !time_parse(arena_printf(&x->mem, "%sT00:00:00Z", ttl), &end))
		return arena_printf(&x->mem, "for %s", ttl);
	time_print(end, time);
	return arena_printf(&x->mem, "until %s", time);
}

/* ---- for whom ---- */

static void tell(const struct read_record *r, const char *what, size_t any, size_t all,
                 struct buf *out)
{
	if (read_count(r, any) + read_count(r, all) == 0)
		return;
	buf_addf(out, "; %s ", what);
	read_join(r, any, " ", out);
	if (read_count(r, any) > 0 && read_count(r, all) > 0)
		buf_addc(out, ' ');
	read_join(r, all, " ", out);
}

static const char *message_of(struct exceptions *x, const struct read_record *r)
{
	struct buf told = BUF_INIT;
	buf_adds(&told, end_of(x, r));
	tell(r, "kinds", X_KINDS, X_ALL_KINDS, &told);
	tell(r, "names", X_NAMES, X_ALL_NAMES, &told);
	tell(r, "namespaces", X_SPACES, X_ALL_SPACES, &told);
	const char *text = arena_dup(&x->mem, told.s);
	buf_release(&told);
	return text;
}

static bool put_exempt(struct exceptions *x, const struct read_record *r, const char *policy,
                       const char *rule, struct err *e)
{
	struct record rec = { .kind = REC_FINDING, .u.finding = { .kind = FINDING_POLICY } };
	struct rec_finding *f = &rec.u.finding;
	const char *what = rule == NULL ? policy : arena_printf(&x->mem, "%s/%s", policy, rule);
	f->rule.id = arena_printf(&x->mem, "policy-exception/%s", what);
	f->rule.title = arena_printf(&x->mem, "Exempt from policy %s", what);
	f->rule.severity = SEV_UNKNOWN;
	f->scope = "policy-exception";
	f->place = arena_printf(&x->mem, "PolicyException/%s", read_text(r->up, X_NAME));
	f->message = message_of(x, r->up);
	return put(x, &rec, e);
}

static bool on_policy(void *ctx, const struct read_record *r, struct err *e)
{
	struct exceptions *x = ctx;
	const char *policy = read_text(r, P_POLICY), *rule = NULL;
	arena_reset(&x->mem);
	if (policy == NULL)
		policy = read_text(r, P_NAME);
	if (read_text(r->up, X_NAME) == NULL)
		return true; /* skipped with its object */
	if (policy == NULL)
		return read_skip(r, "no policy is named", e);
	if (read_count(r, P_RULES) == 0)
		return put_exempt(x, r, policy, NULL, e);
	while ((rule = read_item(r, P_RULES, rule)) != NULL) {
		if (!put_exempt(x, r, policy, rule, e))
			return false;
	}
	return true;
}

/* An exception lies in a namespace, which is what it is put down to. */
static bool on_object(void *ctx, const struct read_record *r, struct err *e)
{
	struct exceptions *x = ctx;
	const char *space = read_text(r, X_NAMESPACE), *kind = read_text(r, X_KIND);
	struct record asset = { .kind = REC_ASSET };
	struct record cover = { .kind = REC_COVER,
		                .u.cover = { .kind = FINDING_POLICY,
		                             .scope = "policy-exception" } };
	arena_reset(&x->mem);
	if (r->up == NULL && kind != NULL && str_suffix(kind, "List"))
		return true;
	if (kind != NULL && !str_eq(kind, "PolicyException"))
		return read_skip(r, "no policy exception", e);
	if (read_text(r, X_NAME) == NULL)
		return read_skip(r, "no name", e);
	kube_asset(&x->mem, "Namespace", NULL, space == NULL ? "default" : space, &asset.u.asset);
	return put(x, &asset, e) && (r->up == NULL || put(x, &cover, e));
}

#define OBJECT(path, below)                                                                        \
	{ path, object_fields, X_COUNT, on_object, NULL },                                         \
		{ below "spec.exceptions[]", policy_fields, P_COUNT, on_policy, NULL },            \
	{                                                                                          \
		below "spec.policyRefs[]", policy_fields, P_COUNT, on_policy, NULL                 \
	}
static const struct read_scope scopes[] = {
	OBJECT("", ""),
	OBJECT("items[]", "items[]."),
};
#undef OBJECT

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct exceptions x = { .sink = out, .mem = ARENA_INIT };
	struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "kyverno" } };
	struct read_opts opts = { .sink = out };
	bool ok = put(&x, &scan, e) && read_document(src, scopes, LENGTH(scopes), &x, &opts, e);
	arena_release(&x.mem);
	return ok;
}

static bool is_exception(const char *group, const char *kind)
{
	return (str_prefix(group, "kyverno.io/") || str_prefix(group, "policies.kyverno.io/"))
	       && (str_eq(kind, "PolicyException") || str_eq(kind, "PolicyExceptionList"));
}

static int sniff(const struct peek *p)
{
	return is_exception(peek_text(p, "apiVersion"), peek_text(p, "kind"))
	                       || is_exception(peek_text(p, "items[0].apiVersion"),
	                                       peek_text(p, "items[0].kind"))
	               ? 95
	               : 0;
}

const struct importer importer_kyverno_exception = {
	.id = "kyverno-exception",
	.title = "Kyverno's policy exceptions (kubectl get policyexceptions -A -o json|yaml)",
	.spec = "https://kyverno.io/docs/exceptions/",
	.sniff = sniff,
	.run = run,
};
